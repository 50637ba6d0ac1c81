//! What the two chains and the two directions are called, in logs, labels and options.

use clap::ValueEnum;
use std::fmt;

/// One of the two chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChainName {
    /// The electricity chain.
    Electricity,
    /// The carbon chain.
    Carbon,
}

impl ChainName {
    /// Both.
    pub(crate) const BOTH: [Self; 2] = [Self::Electricity, Self::Carbon];

    /// The name as it stands in logs, labels and option names.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Electricity => "electricity",
            Self::Carbon => "carbon",
        }
    }

    /// Environment variable that holds the secret URI of the account that signs on this chain.
    pub(crate) fn suri_variable(self) -> &'static str {
        match self {
            Self::Electricity => "RELAYER_ELECTRICITY_SURI",
            Self::Carbon => "RELAYER_CARBON_SURI",
        }
    }

    /// Address format of the chain's accounts.
    pub(crate) fn ss58_prefix(self) -> u16 {
        match self {
            Self::Electricity => 6_082,
            Self::Carbon => 6_083,
        }
    }
}

impl fmt::Display for ChainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A direction of the bridge. Headers, messages of its lane and receipts of the opposite lane go along it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Direction {
    /// From the electricity chain to the carbon chain
    ElectricityToCarbon,
    /// From the carbon chain to the electricity chain
    CarbonToElectricity,
}

impl Direction {
    /// Both.
    pub(crate) const BOTH: [Self; 2] = [Self::ElectricityToCarbon, Self::CarbonToElectricity];

    /// The name as it stands in logs, labels and options.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ElectricityToCarbon => "electricity-to-carbon",
            Self::CarbonToElectricity => "carbon-to-electricity",
        }
    }

    /// Where it comes from.
    pub(crate) fn source(self) -> ChainName {
        match self {
            Self::ElectricityToCarbon => ChainName::Electricity,
            Self::CarbonToElectricity => ChainName::Carbon,
        }
    }

    /// Where it goes to. The relayer signs there.
    pub(crate) fn destination(self) -> ChainName {
        match self {
            Self::ElectricityToCarbon => ChainName::Carbon,
            Self::CarbonToElectricity => ChainName::Electricity,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_is_called_the_same_in_options_and_labels() {
        for direction in Direction::BOTH {
            let value = direction.to_possible_value().unwrap();
            assert_eq!(value.get_name(), direction.as_str());
            assert_eq!(direction.as_str(), format!("{}-to-{}", direction.source(), direction.destination()));
        }
    }
}
