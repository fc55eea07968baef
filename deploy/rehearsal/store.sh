# Sourced by deploy/rehearse: a store of podman's in $store, so that nothing of this machine's own is
# touched, and what it takes to leave nothing of it mounted or running.

open_store() {
    mkdir -p "$store/temporary"
    export CONTAINERS_CONF=$store/containers.conf CONTAINERS_STORAGE_CONF=$store/storage.conf
    export BUILDAH_ISOLATION=chroot TMPDIR=$store/temporary
    cat >"$CONTAINERS_CONF" <<TEXT
[containers]
default_ulimits = ["nofile=4096:8192", "nproc=4096:8192"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "$store/networks"
TEXT
    cat >"$CONTAINERS_STORAGE_CONF" <<TEXT
[storage]
driver = "overlay"
runroot = "$store/run"
graphroot = "$store/graph"
TEXT
}

mounted_in_store() { findmnt -rn -o TARGET | grep "^$store/" | sort -r; }

# Takes away everything but the images and what compilers remember: containers with their processes,
# volumes and networks, and what podman and buildah leave mounted. An earlier rehearsal that was killed
# left such things too. Fails when something stays mounted.
empty_store() {
    local target
    if [[ -d $store/graph ]]; then
        podman rm --all --force --time 5 || true
        buildah rm --all || true
        podman volume prune --force || true
        podman network prune --force || true
    fi
    for target in $(mounted_in_store); do umount -l "$target" || true; done
    if mounted_in_store; then return 1; fi
    if [[ -d $store/temporary ]]; then
        find "$store/temporary" -mindepth 1 -maxdepth 1 ! -name 'buildah-cache*' -exec rm -rf {} +
    fi
}
