internal import Glibc

/// The ways in which the process that looks at files of strangers could reach others: none is open once it is confined.
enum MediaOpenings: String, CaseIterable {
    case reading, writing, network, programs, signals

    /// Tries each of them; returns those that succeed.
    static var found: [MediaOpenings] { allCases.filter(\.isOpen) }

    private var isOpen: Bool {
        switch self {
        case .reading: return Self.isOpened(unsafe open("/proc/self/status", O_RDONLY))
        case .writing:
            let path = "/tmp/bureau-media-\(getpid())"
            let isMade = Self.isOpened(unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600))
            if isMade { unsafe unlink(path) }
            return isMade
        case .network: return Self.isOpened(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        case .programs:
            var child: pid_t = 0
            var words = unsafe [strdup("true"), nil]
            defer { unsafe free(words[0]) }
            guard unsafe posix_spawn(&child, "/bin/true", nil, nil, &words, nil) == 0 else { return false }
            var status: Int32 = 0
            _ = unsafe waitpid(child, &status, 0)
            return true
        case .signals: return kill(getppid(), 0) == 0
        }
    }

    private static func isOpened(_ end: Int32) -> Bool {
        guard end >= 0 else { return false }
        close(end)
        return true
    }
}
