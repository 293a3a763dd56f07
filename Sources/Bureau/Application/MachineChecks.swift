internal import Glibc
internal import HTTPServer
internal import Records
internal import Telemetry

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
                ? [.ok("folder", "\(folder) is not there yet; the first start makes it.")]
                : [
                    .failing(
                        "folder", "\(folder) does not exist, and \(parent) is not writable.",
                        "Create the folder, and give it to the server's user.")
                ]
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return [.failing("folder", "\(folder) is not a folder.", "Name another one with --data.")]
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            return [
                .failing(
                    "folder", "\(folder) is not writable for this user.",
                    "Give the folder to the user that runs the server (chown).")
            ]
        }
        var checks: [HealthCheck] = []
        let open =
            ([folder]
            + ["bureau.db", "bureau.db-wal", "master.key", FolderSocket.name].map { folder + "/" + $0 })
            .filter { (fileStatus($0)?.st_mode ?? 0) & 0o077 != 0 }
        checks.append(
            open.isEmpty
                ? .ok("permissions", "\(folder) and its files are their owner's alone.")
                : .warning(
                    "permissions", "Others may read \(open.joined(separator: ", ")).",
                    "chmod 700 \(folder) && chmod 600 its files."))
        let size = fileStatus(folder + "/bureau.db")?.st_size ?? 0
        if configuration.isOnServer {
            checks.append(
                size == 0
                    ? .ok(
                        "folder", "\(folder) holds the master key and uploads; the database is on the server."
                    )
                    : .warning(
                        "folder",
                        "\(folder) holds a database of \(byteText(Int64(size))), which is not used: database.url names a server.",
                        "Take database.url away to serve the file, or give another folder with --data."))
            return checks
        }
        checks.append(
            .ok(
                "folder",
                size > 0 ? "\(folder) holds a database of \(byteText(Int64(size)))." : "\(folder) is empty."))
        return checks
    }

    /// Tokens, schedules and backups go by it.
    var clock: HealthCheck {
        let now = Instant.wallClock()
        let floor = Instant(seconds: 1_767_225_600)  // 2026: the program is no older
        guard now > floor else {
            return .failing("clock", "The clock says \(now).", "Set the clock: timedatectl set-ntp true.")
        }
        let newest =
            ["bureau.db", "bureau.db-wal"].compactMap {
                fileStatus(configuration.data + "/" + $0)?.st_mtim.tv_sec
            }.max() ?? 0
        guard Int64(newest) <= now.seconds + 60 else {
            return .warning(
                "clock", "The clock says \(now), but the database was written later.",
                "Set the clock: timedatectl set-ntp true.")
        }
        return .ok("clock", "The clock says \(now).")
    }

    var zones: HealthCheck {
        TimeZoneRules(named: "Europe/Berlin") == nil
            ? .failing("time zones", "The tz database is not installed.", "apt-get install tzdata")
            : .ok("time zones", "The tz database is there.")
    }

    /// The server itself speaks HTTP: what ends TLS stands before it.
    var transport: HealthCheck {
        if configuration.publicURL.hasPrefix("https://") {
            return .ok("encryption", "People reach it at \(configuration.publicURL).")
        }
        let host = configuration.listen.host
        guard host == "localhost" || RemoteAddress(host)?.isLoopback == true else {
            return .warning(
                "encryption",
                "\(configuration.listen) is open to other machines, and passwords, keys and answers go over it readably.",
                "Put a proxy with a certificate before it, and set public_url to its https address (docs/transport.md)."
            )
        }
        return .ok("encryption", "Only this machine reaches \(configuration.listen).")
    }

    var pages: HealthCheck {
        let folder = configuration.staticFolder.isEmpty ? installed("static") : configuration.staticFolder
        guard let folder, isFile(folder + "/index.html") else {
            return .warning(
                "pages", "The web console is not found.", "Start in the project's folder, or set static.")
        }
        return .ok("pages", "The web console is in \(folder).")
    }

    var descriptors: HealthCheck {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur >= 4096 else {
            return .warning(
                "open files", "At most \(limit.rlim_cur), and each connection takes one.",
                "ulimit -n 65536, or LimitNOFILE in the unit.")
        }
        return .ok("open files", "At most \(limit.rlim_cur).")
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
