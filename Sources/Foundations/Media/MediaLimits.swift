internal import CConfinement
internal import Glibc

/// The memory and time of the process that looks at one file.
package struct MediaLimits: Hashable, Sendable {
    /// The memory, in megabytes.
    package var memory = 512
    /// The limits in seconds, of the processor and of the clock.
    package var processor = 20, clock = 60

    package init() {}

    /// The limits of a film that is made anew: it is read and written picture by picture.
    package static let making = {
        var limits = MediaLimits()
        (limits.memory, limits.processor, limits.clock) = (1536, 900, 1200)
        return limits
    }()

    var arguments: [String] { ["\(memory)", "\(processor)"] }

    init(arguments: ArraySlice<String>) {
        let numbers = arguments.compactMap { Int($0) }
        if numbers.count == 2 { (memory, processor) = (numbers[0], numbers[1]) }
    }

    /// Holds this process to them from here on.
    func apply() {
        set(RLIMIT_DATA, memory * 1_048_576)
        // The soft limit ends the process with a signal of its own: SIGKILL is what a machine without memory sends.
        set(RLIMIT_CPU, processor, hard: processor + 1)
        // The thread that has started the process may hold signals back, which is inherited.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGXCPU)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        set(RLIMIT_FSIZE, 0)
        set(RLIMIT_CORE, 0)
    }

    /// Opens nothing more, and reaches nothing but what is open: to be called before the first byte of a stranger is
    /// read. Returns what is in the way; `nil`: nothing.
    static func confine() -> String? {
        // The three that are open are all that there may be: a socket would be a fourth.
        set(RLIMIT_NOFILE, 3)
        let code = bureau_confine()
        return code == 0 ? nil : "the process cannot be confined (seccomp, error \(code))"
    }

    private func set(_ resource: __rlimit_resource, _ value: Int, hard: Int? = nil) {
        Self.set(resource, value, hard: hard)
    }

    private static func set(_ resource: __rlimit_resource, _ value: Int, hard: Int? = nil) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(hard ?? value))
        _ = unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
