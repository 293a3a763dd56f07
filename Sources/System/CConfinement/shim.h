#pragma once
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

// GNU extensions, which the headers show only to those who ask for these.
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

/// Dies with the thread that has started this process.
static inline int bureau_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

#if defined(__x86_64__)
#define BUREAU_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define BUREAU_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the numbers of system calls are not known for this processor"
#endif

#define BUREAU_REFUSE(number, code)                                                                                     \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code))

/// From now on this process reaches nothing but what is open already: no network, no file, no program, no other
/// process. Answers 0, or the number of the error.
static inline int bureau_confine(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BUREAU_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#if defined(__x86_64__)
        // The same calls under other numbers.
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BUREAU_REFUSE(SYS_open, EACCES),
        BUREAU_REFUSE(SYS_creat, EACCES),
        BUREAU_REFUSE(SYS_unlink, EPERM),
        BUREAU_REFUSE(SYS_rename, EPERM),
        BUREAU_REFUSE(SYS_fork, EPERM),
        BUREAU_REFUSE(SYS_vfork, EPERM),
#endif
        BUREAU_REFUSE(SYS_openat, EACCES),
        BUREAU_REFUSE(SYS_openat2, EACCES),
        BUREAU_REFUSE(SYS_memfd_create, EPERM),
        BUREAU_REFUSE(SYS_socket, EPERM),
        BUREAU_REFUSE(SYS_socketpair, EPERM),
        BUREAU_REFUSE(SYS_connect, EPERM),
        BUREAU_REFUSE(SYS_bind, EPERM),
        BUREAU_REFUSE(SYS_sendto, EPERM),
        BUREAU_REFUSE(SYS_sendmsg, EPERM),
        BUREAU_REFUSE(SYS_execve, EPERM),
        BUREAU_REFUSE(SYS_execveat, EPERM),
        BUREAU_REFUSE(SYS_ptrace, EPERM),
        BUREAU_REFUSE(SYS_process_vm_readv, EPERM),
        BUREAU_REFUSE(SYS_process_vm_writev, EPERM),
        BUREAU_REFUSE(SYS_kill, EPERM),
        BUREAU_REFUSE(SYS_tkill, EPERM),
        BUREAU_REFUSE(SYS_tgkill, EPERM),
        BUREAU_REFUSE(SYS_rt_sigqueueinfo, EPERM),
        BUREAU_REFUSE(SYS_rt_tgsigqueueinfo, EPERM),
        BUREAU_REFUSE(SYS_pidfd_send_signal, EPERM),
        BUREAU_REFUSE(SYS_pidfd_getfd, EPERM),
        BUREAU_REFUSE(SYS_io_uring_setup, EPERM),
        BUREAU_REFUSE(SYS_bpf, EPERM),
        BUREAU_REFUSE(SYS_unshare, EPERM),
        BUREAU_REFUSE(SYS_setns, EPERM),
        BUREAU_REFUSE(SYS_mount, EPERM),
        BUREAU_REFUSE(SYS_unlinkat, EPERM),
        BUREAU_REFUSE(SYS_renameat2, EPERM),
        // Threads are begun by the older call, whose flags can be looked at.
        BUREAU_REFUSE(SYS_clone3, ENOSYS),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof rules / sizeof rules[0], rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0 ? 0 : errno;
}
