# SPDX-License-Identifier: GPL-3.0-or-later
"""The state from which each laboratory goes on: made once for a machine and its packages.

It stands in /var/tmp/lodge-lab-UID/KEY: an image of the root (about 2 GB), a kernel, and the memory
of a laboratory in which libvirt and a Linux guest run (about 0.6 GB). KEY is of all that it depends
on. Only the two newest are kept.
"""

import contextlib
import fcntl
import glob
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'support'))
import boot_files
from hand import Hand
from machine import KERNEL, LabError, Machine, command_line

HERE = os.path.dirname(os.path.abspath(__file__))

# For an image, a state and what is written meanwhile.
NEEDED = 6 << 30

LAB_MODULES = ['virtio_pci', 'virtio_blk', 'ext4', 'overlay']
NESTED_MODULES = ['xhci_pci', 'usb_storage', 'sd_mod', 'usbhid', 'hid_generic', 'uvcvideo', 'ext4']


def run(*words, **options):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise LabError(f'{words[0]}: {done.stdout.strip()}')
    return done.stdout


def find_kernel():
    """The newest kernel of the distribution that can have a virtual USB bus: (file, version)."""
    return boot_files.find_kernel('kernel/drivers/usb/usbip/vhci-hcd.ko*')


def missing():
    """Why there can be no laboratory here, or None."""
    if os.geteuid() != 0:
        return 'needs root, to make an image of the root file system'
    for program in ('qemu-system-x86_64', 'libvirtd', 'virtlogd', 'virsh', 'mke2fs', 'busybox', 'cpio',
                    'unshare', 'cc', 'modprobe', 'dbus-daemon'):
        if not shutil.which(program):
            return f'needs {program}'
    if not os.path.exists('/lib/systemd/systemd-udevd'):
        return 'needs udev'
    try:
        find_kernel()
    except boot_files.Missing as reason:
        return f'needs {reason}'
    return None


def installed():
    """What is installed, in a line each."""
    if shutil.which('dpkg-query'):
        return run('dpkg-query', '-W')
    if shutil.which('rpm'):
        return '\n'.join(sorted(run('rpm', '-qa').split()))
    return run('pacman', '-Q')


def key():
    made_of = hashlib.sha256(installed().encode())
    made_of.update(' '.join([find_kernel()[0], KERNEL, *command_line('', '', False)]).encode())
    for folder in ('', 'inside', 'nested'):
        for name in sorted(os.listdir(os.path.join(HERE, folder))):
            path = os.path.join(HERE, folder, name)
            if folder or name in ('state.py', 'hand.py', 'usbcamera.py', 'make-root.sh', 'save-nested.sh'):
                if os.path.isfile(path):
                    with open(path, 'rb') as file:
                        made_of.update(file.read())
    with open(boot_files.__file__, 'rb') as file:
        made_of.update(file.read())
    return made_of.hexdigest()[:16]


def own_folder(path):
    """Makes a folder of ours, and trusts no other."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
    status = os.lstat(path)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise LabError(f'{path} is not a folder of ours')
    return path


@contextlib.contextmanager
def locked(path, how):
    with open(path, 'a') as file:
        fcntl.flock(file, how)
        yield


def make_initrd(to, version, modules, init, more=()):
    """BusyBox, a first process and numbered modules; not compressed, for that is slow to unpack."""
    with tempfile.TemporaryDirectory() as root:
        for name in ('bin', 'proc', 'sys', 'dev', 'tmp'):
            os.mkdir(f'{root}/{name}')
        shutil.copy(shutil.which('busybox'), f'{root}/bin/busybox')
        shutil.copy(init, f'{root}/init')
        for path in more:
            shutil.copy(path, f'{root}/bin')
        boot_files.copy_modules(version, f'{root}/modules', modules)
        run('sh', '-c', f'cd "{root}" && find . | cpio --quiet -o -H newc > "{to}"')


def make(folder):
    kernel, version = find_kernel()
    begin = time.monotonic()

    def step(what):
        print(f'# laboratory: {what} ({time.monotonic() - begin:.0f} s)', file=sys.stderr, flush=True)

    if shutil.disk_usage(folder).free < NEEDED:
        raise LabError(f'needs {NEEDED >> 30} GB of space in {folder}')
    boot_files.unpack_kernel(kernel, f'{folder}/vmlinux')
    make_initrd(f'{folder}/lab.cpio', version, LAB_MODULES, f'{HERE}/inside/init')
    with tempfile.TemporaryDirectory() as lab:
        shutil.copytree(f'{HERE}/inside', lab, dirs_exist_ok=True)
        shutil.copy(f'{HERE}/nested/domain.xml', f'{lab}/nested.xml')
        for name in ('hand.py', 'usbcamera.py'):
            shutil.copy(f'{HERE}/{name}', lab)
        shutil.copy(f'{folder}/vmlinux', lab)
        run('cc', '-O2', '-static', '-o', f'{lab}/frames', f'{HERE}/nested/frames.c')
        make_initrd(f'{lab}/nested.cpio', version, NESTED_MODULES, f'{HERE}/nested/init',
                    [f'{lab}/frames'])
        os.chmod(lab, 0o755)
        step('boots the guest that will run in it')
        run('unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', '--propagation', 'private',
            'bash', f'{HERE}/save-nested.sh', lab)
        step('makes the image of the root')
        run('unshare', '--mount', '--propagation', 'private', 'bash', f'{HERE}/make-root.sh',
            f'{folder}/root.ext4', version, lab)
    step('starts')
    machine = Machine(folder)
    try:
        machine.start()
        Hand(machine).begin()
        step('prepares libvirt and a guest')
        machine.ask('/lab/prepare.sh', 900)
        step('saves the state')
        machine.save(f'{folder}/memory')
    except BaseException:
        sys.stderr.write(machine.tail('console.log'))
        machine.stop()
        raise
    with open(f'{folder}/complete', 'w'):
        pass
    step('is ready')


def tidy(top, keep):
    """Removes all but the newest two, where nobody uses them."""
    others = sorted((path for path in glob.glob(f'{top}/*/') if path.rstrip('/') != keep),
                    key=os.path.getmtime, reverse=True)
    for path in others[1:]:
        with open(path + 'lock', 'a') as lock, contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def prepared():
    """The folder of the state, which stays as long as the context."""
    top = own_folder(f'/var/tmp/lodge-lab-{os.geteuid()}')
    folder = own_folder(f'{top}/{key()}')
    lock = f'{folder}/lock'
    with locked(lock, fcntl.LOCK_EX):
        if not os.path.exists(f'{folder}/complete'):
            try:
                make(folder)
            except BaseException:
                for name in os.listdir(folder):
                    if name != 'lock':
                        os.remove(f'{folder}/{name}')
                raise
        os.utime(folder)
        tidy(top, folder)
    with locked(lock, fcntl.LOCK_SH):
        yield folder
