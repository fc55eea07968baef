# Sourced by run, test and the scripts beside it: progress lines, one clear line for a failure.

started=$SECONDS

# "[ 12 s] building": what happens now, and how long all has taken so far.
step() { printf '[%4d s] %s\n' $((SECONDS - started)) "$*"; }

# One line to stderr (what, how to mend it), exit 1.
stop() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# How many compilers may run at once: one per core, and about 1 GB of memory for each.
compiler_jobs() {
    local cores memory_kb
    cores=$(nproc)
    memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null || true)
    local by_memory=$((${memory_kb:-1000000} / 1000000))
    ((by_memory >= 1)) || by_memory=1
    echo $((cores < by_memory ? cores : by_memory))
}

# configure <preset> [cmake arguments]: once; afterwards ninja repeats it by itself when needed.
configure() {
    local preset=$1
    shift
    [[ -f build/$preset/build.ninja ]] && return
    step "configuring build/$preset"
    mkdir -p build
    cmake --preset "$preset" "$@" >"build/configure-$preset.log" 2>&1 && return
    tail -n 20 "build/configure-$preset.log" >&2
    rm -f "build/$preset/build.ninja"
    stop "cmake could not configure $preset; all it said is in build/configure-$preset.log"
}

# build <preset> <targets...>
build() {
    local preset=$1
    shift
    step "building $preset"
    ninja -C "build/$preset" -j "$(compiler_jobs)" "$@" || stop "the $preset build failed, see above"
}
