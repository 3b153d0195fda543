#!/bin/bash
# The guest's first process: makes the machine usable, runs the runner, leaves its exit status and switches off.
# Everything it writes outside of /run/share stays in the guest's memory.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/run/root TMPDIR=/run/tmp LC_ALL=C.UTF-8 XDG_RUNTIME_DIR=/run/root
share=/run/share

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mkdir -p "$HOME" "$TMPDIR" "$share" /run/lock
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,access=any share "$share"
note() { echo "$1 $(cut -d' ' -f1 /proc/uptime)" >>"$share/timeline"; }
note root

mkdir -p /usr/lib/modules /etc/target # the latter: else tcm_loop complains on the console
ln -sfn "$(cat "$share/modules")" "/usr/lib/modules/$(uname -r)"
modprobe -a configfs virtio_net loop sd_mod sg
mount -t configfs config /sys/kernel/config
mount -t debugfs debug /sys/kernel/debug
hostname rig
ip link set lo up
for link in /sys/class/net/*; do
    [ -e "$link/device" ] || continue
    ip address add 10.0.2.15/24 dev "${link##*/}"
    ip link set "${link##*/}" up
done

/usr/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add --subsystem-match=pci --subsystem-match=scsi --subsystem-match=block \
    --subsystem-match=nvme --subsystem-match=virtio
udevadm settle --timeout=30
note udev

here=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH=${here%/*/*}
cd "${here%/*/*/*}" || exit
if grep -qw rig.console /proc/cmdline; then
    setsid --wait --ctty "$(cat "$share/python")" -m rig.guest.runner </dev/ttyS0 >/dev/ttyS0 2>&1
else
    "$(cat "$share/python")" -m rig.guest.runner </dev/null >>"$share/out.log" 2>&1
fi
echo $? >"$share/rc"
note done
sync
echo o >/proc/sysrq-trigger
while :; do sleep 1; done
