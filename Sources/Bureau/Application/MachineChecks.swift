internal import Glibc
internal import HTTPServer
internal import Records
internal import Telemetry
internal import Templates

/// The checks of the machine, the data folder and the configuration that need no database: `bureau doctor` looks at
/// it before a start, and a running server for its operators.
struct MachineChecks: Sendable {
    let configuration: Configuration

    init(_ configuration: Configuration) { self.configuration = configuration }

    /// Those that mean something while a server runs.
    var whileServed: [HealthCheck] { folder + [clock, zones, transport, pages, descriptors] }

    var folder: [HealthCheck] {
        let folder = configuration.data
        guard let status = fileStatus(folder) else {
            let parent = nearestFolder(folder)
            return access(parent, W_OK) == 0
                ? [.ok("folder", Saying("check.folder_new", ["folder": .text(folder)]))]
                : [
                    .failing(
                        "folder",
                        Saying("check.folder_none", ["folder": .text(folder), "parent": .text(parent)]),
                        Saying("check.folder_none_do"))
                ]
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return [
                .failing(
                    "folder", Saying("check.folder_wrong", ["folder": .text(folder)]),
                    Saying("check.folder_wrong_do"))
            ]
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            return [
                .failing(
                    "folder", Saying("check.folder_locked", ["folder": .text(folder)]),
                    Saying("check.folder_locked_do"))
            ]
        }
        var checks: [HealthCheck] = []
        let open =
            ([folder]
            + ["bureau.db", "bureau.db-wal", "master.key", FolderSocket.name].map { folder + "/" + $0 })
            .filter { (fileStatus($0)?.st_mode ?? 0) & 0o077 != 0 }
        checks.append(
            open.isEmpty
                ? .ok("permissions", Saying("check.permissions_ok", ["folder": .text(folder)]))
                : .warning(
                    "permissions",
                    Saying("check.permissions_open", ["files": .text(open.joined(separator: ", "))]),
                    Saying("check.permissions_do", ["folder": .text(folder)])))
        let size = fileStatus(folder + "/bureau.db")?.st_size ?? 0
        if configuration.isOnServer {
            checks.append(
                size == 0
                    ? .ok(
                        "folder", Saying("check.folder_server", ["folder": .text(folder)])
                    )
                    : .warning(
                        "folder",
                        Saying(
                            "check.folder_unused",
                            ["folder": .text(folder), "size": .text(byteText(Int64(size)))]),
                        Saying("check.folder_unused_do")))
            return checks
        }
        checks.append(
            .ok(
                "folder",
                size > 0
                    ? Saying(
                        "check.folder_ok", ["folder": .text(folder), "size": .text(byteText(Int64(size)))])
                    : Saying("check.folder_empty", ["folder": .text(folder)])))
        return checks
    }

    /// Tokens, schedules and backups go by it.
    var clock: HealthCheck {
        let now = Instant.wallClock()
        let floor = Instant(seconds: 1_767_225_600)  // 2026: the program is no older
        guard now > floor else {
            return .failing("clock", Saying("check.clock", ["now": .time(now)]), Saying("check.clock_do"))
        }
        let newest =
            ["bureau.db", "bureau.db-wal"].compactMap {
                fileStatus(configuration.data + "/" + $0)?.st_mtim.tv_sec
            }.max() ?? 0
        guard Int64(newest) <= now.seconds + 60 else {
            return .warning(
                "clock", Saying("check.clock_behind", ["now": .time(now)]), Saying("check.clock_do"))
        }
        return .ok("clock", Saying("check.clock", ["now": .time(now)]))
    }

    var zones: HealthCheck {
        TimeZoneRules(named: "Europe/Berlin") == nil
            ? .failing("time zones", Saying("check.zones_missing"), .quoted("apt-get install tzdata"))
            : .ok("time zones", Saying("check.zones_ok"))
    }

    /// The server itself speaks HTTP: what ends TLS stands before it.
    var transport: HealthCheck {
        if configuration.publicURL.hasPrefix("https://") {
            return .ok("encryption", Saying("check.transport_ok", ["url": .text(configuration.publicURL)]))
        }
        let host = configuration.listen.host
        guard host == "localhost" || RemoteAddress(host)?.isLoopback == true else {
            return .warning(
                "encryption",
                Saying("check.transport_open", ["address": .text("\(configuration.listen)")]),
                Saying("check.transport_do")
            )
        }
        return .ok(
            "encryption", Saying("check.transport_local", ["address": .text("\(configuration.listen)")]))
    }

    var pages: HealthCheck {
        let folder = configuration.staticFolder.isEmpty ? installed("static") : configuration.staticFolder
        guard let folder, isFile(folder + "/index.html") else {
            return .warning(
                "pages", Saying("check.pages_missing"), Saying("check.pages_do"))
        }
        return .ok("pages", Saying("check.pages_ok", ["folder": .text(folder)]))
    }

    var descriptors: HealthCheck {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur >= 4096 else {
            return .warning(
                "open files", Saying("check.files_few", ["count": .number(Int(limit.rlim_cur))]),
                Saying("check.files_do"))
        }
        return .ok("open files", Saying("check.files_ok", ["count": .number(Int(clamping: limit.rlim_cur))]))
    }
}

/// The folder itself, or the nearest above it that is there.
func nearestFolder(_ path: String) -> String {
    var path = path
    while !isFolder(path) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            return path.hasPrefix("/") ? "/" : "."
        }
        path = String(path[..<slash])
    }
    return path
}
