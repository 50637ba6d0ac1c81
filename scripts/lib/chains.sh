# shellcheck shell=bash
# Starts both chains and the relayer on this machine, and leaves no process behind. Sourced after scripts/env by
# scripts/demo, scripts/local-network and scripts/test-live:
#
#   chains_begin NAME   a folder for this run; from here on everything started ends with the script
#   chains_start   both chains on development specs that name each other; sets ELECTRICITY_URL, CARBON_URL and
#                  ELECTRICITY_METRICS, CARBON_METRICS
#   network_start COUNT   so many miners of each chain on local specs, found through the first; sets the URLs
#   relayer_start all   or `headers`: what it carries
#   run_bounded SECONDS COMMAND...   stopped after so many seconds, or when one of the processes above dies
#   run_js SECONDS SCRIPT ARGUMENT...   the same for a script of scripts/js
#   run_on_pair, run_scenario, run_verifier   the same with both chains' addresses
#   chains_keep_running   until Ctrl-C or until one of them dies

BIN=$CARGO_TARGET_DIR/release
# //Alice's public key: who mines does not matter here.
REWARD_ADDRESS=0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d
# Two chains on one laptop: far less than one core for both.
HASHRATE=50000

RUN_DIR=
NAMES=()
PIDS=()
BOUNDED_PID=

chains_begin() {
    local program
    for program in electricity-node carbon-node bridge-relayer; do
        [[ -x $BIN/$program ]] || die "$BIN/$program is missing; run scripts/build"
    done
    RUN_DIR=$(mktemp -d "${TMPDIR:-/tmp}/gridpeg-$1.XXXXXX")
    trap 'chains_end $?' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

# spawn NAME COMMAND...: starts it in a process group of its own, with its output in NAME.log.
spawn() {
    local name=$1
    shift
    set -m
    nice -n 10 "$@" >"$RUN_DIR/$name.log" 2>&1 </dev/null &
    set +m
    NAMES+=("$name")
    PIDS+=($!)
}

port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port DEFAULT: the first port from DEFAULT, in steps of 10, that nothing answers on.
free_port() {
    local port=$1
    while port_in_use "$port"; do
        port=$((port + 10))
    done
    echo "$port"
}

# json FILE EXPRESSION: a part of a JSON file.
json() { node --print "const it = JSON.parse(require('fs').readFileSync(process.argv[1])); $2" "$1"; }

# make_specs CHAIN: the electricity chain's spec stands by itself. The carbon chain's names the electricity chain; the
# electricity chain learns the carbon chain by a call, which the scenario makes with carbon-identity.json.
make_specs() {
    cd "$RUN_DIR" || return
    "$BIN/electricity-node" export-chain-spec --chain "$1" >electricity.json 2>specs.log
    "$BIN/electricity-node" chain-identity --chain electricity.json >electricity-identity.json 2>>specs.log
    json electricity-identity.json 'JSON.stringify(it.parameters)' >electricity-parameters.json
    "$BIN/carbon-node" export-chain-spec --chain "$1" \
        --counterpart-genesis "$(json electricity-identity.json it.genesisHash)" \
        --counterpart-parameters electricity-parameters.json >carbon.json 2>>specs.log
    "$BIN/carbon-node" chain-identity --chain carbon.json >carbon-identity.json 2>>specs.log
    cd "$GRIDPEG_ROOT" || return
}

# node_start NAME CHAIN RPC-PORT P2P-PORT PROMETHEUS-PORT HASHRATE OPTION...: a miner of the electricity or carbon CHAIN.
node_start() {
    spawn "$1" "$BIN/$2-node" --chain "$RUN_DIR/$2.json" --base-path "$RUN_DIR/data/$1" --name "$1" \
        --rpc-port "$3" --listen-addr "/ip4/127.0.0.1/tcp/$4" --prometheus-port "$5" --no-mdns --no-telemetry \
        --mine --threads 1 --max-hashrate "$6" --reward-address "$REWARD_ADDRESS" "${@:7}"
}

# wait_for_port NAME PORT: until it answers, one minute at most.
wait_for_port() {
    local waited
    for ((waited = 0; waited < 120; waited++)); do
        port_in_use "$2" && return 0
        all_alive || return 1
        sleep 0.5
    done
    printf 'error: %s does not answer on port %s\n' "$1" "$2" >&2
    return 1
}

# shellcheck disable=SC2034 # the script that sources this reads the last two
chains_start() {
    ELECTRICITY_PORT=$(free_port 9944)
    CARBON_PORT=$(free_port 9945)
    ELECTRICITY_URL=ws://127.0.0.1:$ELECTRICITY_PORT
    CARBON_URL=ws://127.0.0.1:$CARBON_PORT
    say "logs are in $RUN_DIR"
    make_specs dev
    ELECTRICITY_METRICS=http://127.0.0.1:$(free_port 9615)/metrics
    CARBON_METRICS=http://127.0.0.1:$(free_port 9616)/metrics
    node_start electricity-node electricity "$ELECTRICITY_PORT" "$(free_port 30333)" "$(free_port 9615)" "$HASHRATE" \
        --force-authoring
    node_start carbon-node carbon "$CARBON_PORT" "$(free_port 30433)" "$(free_port 9616)" "$HASHRATE" --force-authoring
    wait_for_port electricity-node "$ELECTRICITY_PORT"
    wait_for_port carbon-node "$CARBON_PORT"
    say "both chains run: electricity $ELECTRICITY_URL, carbon $CARBON_URL"
}

# network_start COUNT: alone no miner mines, so a chain begins when its second miner has found the first.
network_start() {
    say "logs are in $RUN_DIR"
    make_specs local
    miners_start electricity "$1" 9944 30333 9615
    ELECTRICITY_URL=$MINERS_URL
    miners_start carbon "$1" 9945 30433 9616
    CARBON_URL=$MINERS_URL
}

# miners_start CHAIN COUNT RPC-PORT P2P-PORT PROMETHEUS-PORT: sets MINERS_URL to the first one's RPC.
miners_start() {
    local chain=$1 count=$2 rpc=$3 p2p=$4 prometheus=$5 number peer name
    local rate=$((HASHRATE / count)) options=()
    # Anybody may know the keys by which these nodes know each other.
    local node_key
    node_key=$(printf '%s first miner' "$chain" | sha256sum | cut -d' ' -f1)
    printf '%s' "$node_key" >"$RUN_DIR/$chain.node-key"
    peer=$("$BIN/$chain-node" key inspect-node-key --file "$RUN_DIR/$chain.node-key")
    MINERS_URL=
    for ((number = 1; number <= count; number++)); do
        rpc=$(free_port "$rpc")
        p2p=$(free_port "$p2p")
        prometheus=$(free_port "$prometheus")
        name=$chain-$number
        if ((number == 1)); then
            options=(--node-key "$node_key")
            MINERS_URL=ws://127.0.0.1:$rpc
            local bootnode=/ip4/127.0.0.1/tcp/$p2p/p2p/$peer
        else
            options=(--bootnodes "$bootnode")
        fi
        node_start "$name" "$chain" "$rpc" "$p2p" "$prometheus" "$rate" "${options[@]}"
        wait_for_port "$name" "$rpc"
        say "$name: RPC ws://127.0.0.1:$rpc, metrics http://127.0.0.1:$prometheus/metrics"
    done
}

# relayer_start headers|all
relayer_start() {
    METRICS_PORT=$(free_port 9617)
    cat >"$RUN_DIR/relayer.toml" <<TOML
electricity_url = "$ELECTRICITY_URL"
carbon_url = "$CARBON_URL"
carry = "$1"
poll_interval = 2
metrics_address = "127.0.0.1:$METRICS_PORT"
TOML
    # //Charlie has coins on both chains, and signs nothing else.
    spawn bridge-relayer env RELAYER_ELECTRICITY_SURI=//Charlie RELAYER_CARBON_SURI=//Charlie \
        "$BIN/bridge-relayer" run --config "$RUN_DIR/relayer.toml"
    say "the relayer carries both ways: $1"
}

all_alive() {
    local i
    for i in "${!PIDS[@]}"; do
        if ! kill -0 "${PIDS[i]}" 2>/dev/null; then
            printf 'error: %s has ended by itself\n' "${NAMES[i]}" >&2
            return 1
        fi
    done
}

# The command runs beside the shell, so that Ctrl-C and a dying node are noticed at once.
run_bounded() {
    local seconds=$1 status=0
    shift
    set -m
    timeout --kill-after=5 "$seconds" "$@" </dev/null &
    set +m
    BOUNDED_PID=$!
    while kill -0 "$BOUNDED_PID" 2>/dev/null; do
        all_alive || return 1
        sleep 0.5
    done
    wait "$BOUNDED_PID" || status=$?
    BOUNDED_PID=
    if ((status == 124)); then
        printf 'error: not done after %s s: %s\n' "$seconds" "$*" >&2
    fi
    return "$status"
}

run_js() { run_bounded "$1" node "$GRIDPEG_ROOT/scripts/js/$2" "${@:3}"; }

# run_on_pair SECONDS SCRIPT OPTION...: a script that anchors both chains first.
run_on_pair() {
    run_js "$1" "$2" --electricity "$ELECTRICITY_URL" --carbon "$CARBON_URL" \
        --electricity-identity "$RUN_DIR/electricity-identity.json" --carbon-identity "$RUN_DIR/carbon-identity.json" \
        "${@:3}"
}

# run_scenario SCRIPT RECIPIENT: the demo's or the tamper check's scenario, ten minutes at most.
run_scenario() { run_on_pair 600 "$1" --recipient "$2"; }

# run_verifier SECONDS OPTION...: the Python verifier.
run_verifier() {
    run_bounded "$1" python3 "$GRIDPEG_ROOT/scripts/verify/verify.py" \
        --electricity "$ELECTRICITY_URL" --carbon "$CARBON_URL" "${@:2}"
}

# A key that nobody has used yet.
fresh_recipient() { echo "//Recipient//$(date +%s)"; }

chains_keep_running() {
    trap 'echo; say "stopping"; exit 0' INT TERM HUP
    while all_alive; do
        sleep 1
    done
    return 1
}

# Ends every process group that was started: asks, waits ten seconds, then kills.
stop_all() {
    local pids=("${PIDS[@]}") pid waited
    [[ -n $BOUNDED_PID ]] && pids+=("$BOUNDED_PID")
    for pid in "${pids[@]}"; do
        kill -TERM -- "-$pid" 2>/dev/null || true
    done
    for ((waited = 0; waited < 100; waited++)); do
        any_left "${pids[@]}" || break
        sleep 0.1
    done
    for pid in "${pids[@]}"; do
        kill -KILL -- "-$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}

any_left() {
    local pid
    for pid in "$@"; do
        kill -0 -- "-$pid" 2>/dev/null && return 0
    done
    return 1
}

chains_end() {
    local status=$1 log
    trap '' INT TERM HUP
    stop_all
    # 130 and 143: somebody stopped the script.
    if ((status != 0 && status != 130 && status != 143)); then
        for log in "$RUN_DIR"/*.log; do
            printf '\n--- the end of %s\n' "$log"
            tail -n 40 "$log"
        done
    fi >&2
    rm -rf "$RUN_DIR/data"
    exit "$status"
}
