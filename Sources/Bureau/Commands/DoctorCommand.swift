internal import Cryptography
internal import Database
internal import Glibc
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Media
internal import Records
internal import Telemetry

struct DoctorCommand: Command {
    static let usage = Usage<DoctorCommand>(
        "doctor", "Looks at the machine, the data folder and the configuration, and says what to do.",
        details: "It changes nothing, and exits with 0 when Bureau can work.")

    func run(_ session: CommandSession) async throws {
        let loaded = session.load()
        let configuration = loaded.configuration
        let machine = MachineChecks(configuration)
        var checks = [checkSettings(loaded), checkLibrary(Database.libraryVersion)]
        if configuration.isOnServer { checks.append(checkDatabaseServer(configuration)) }
        checks += machine.folder
        checks += [
            checkKey(configuration), checkDisk(nearestFolder(configuration.data)), machine.clock,
            machine.zones,
        ]
        checks.append(await checkMedia())
        checks += acrossTenantsCheckChannels(configuration)
        checks += await checkServer(configuration)
        checks += [machine.transport, machine.pages, machine.descriptors]
        let result: JSON = [
            "status": .string(checks.state.rawValue), "version": .string(bureauVersion),
            "checks": .array(checks.map(\.json)),
        ]
        let summary =
            switch checks.state {
            case .ok: "Everything is in order."
            case .warning: "Bureau can work; see what is marked with !."
            case .failing: "Bureau cannot work until what is marked with ✗ is mended."
            }
        session.show(result, checkLines(result, session.terminal) + "\n\n" + summary)
        if checks.state == .failing { throw CommandExit(status: 1) }
    }

    private func checkSettings(_ loaded: LoadedConfiguration) -> HealthCheck {
        guard loaded.faults.isEmpty else {
            return .failing(
                "configuration", loaded.faults.map(\.description).joined(separator: "; "),
                "Config/bureau.yaml lists every key.")
        }
        guard loaded.warnings.isEmpty else {
            return .warning("configuration", loaded.warnings.joined(separator: "; "))
        }
        return .ok(
            "configuration", "The configuration is valid, with \(counted(loaded.sources.count, "key")) set.")
    }

    /// The fault of 3.7.0 to 3.51.2 (a checkpoint that races with a commit of another connection that resets the log)
    /// cannot happen here: while the log is copied beside the one thread that writes, a reader in it keeps it.
    /// RETURNING needs 3.35, and was wrong until 3.35.5.
    private func checkLibrary(_ text: String) -> HealthCheck {
        let parts =
            text.split(separator: " ").last.map { $0.split(separator: ".").compactMap { Int($0) } } ?? []
        guard parts.count == 3 else { return .warning("SQLite", "The version cannot be read from \(text).") }
        let number = parts[0] * 1_000_000 + parts[1] * 1000 + parts[2]
        if number < 3_037_000 {
            return .failing(
                "SQLite", "\(text) is too old: STRICT tables need 3.37.",
                "Install the distribution's newer library.")
        }
        if number == 3_052_000 {
            return .warning(
                "SQLite", "\(text) was withdrawn by its authors.", "Install 3.51.3, or a later one.")
        }
        return .ok("SQLite", "\(text); its known faults do not concern Bureau, where one thread writes.")
    }

    /// Looks whether the libraries load that read pictures and films: a process of its own loads them when there is
    /// one, and nothing else would say that they are not there.
    private func checkMedia() async -> HealthCheck {
        do {
            let versions = try await MediaWorker().versions()
            let openings = try await MediaWorker().openings()
            guard openings.isEmpty else {
                return .warning(
                    "pictures and films",
                    "The process that reads files of strangers is not confined: \(openings.joined(separator: ", ")).",
                    "Run Bureau on a kernel whose seccomp filters work.")
            }
            return .ok(
                "pictures and films",
                "libvips \(versions.pictures) and libavformat \(versions.films) load in a process of their own."
            )
        } catch {
            let words = if case .unavailable(let words) = error { words } else { "too many files wait" }
            return .warning(
                "pictures and films",
                "Posts with pictures or films cannot be planned: \(words).",
                "apt-get install libvips42 libavformat59 libavcodec59")
        }
    }

    private func checkDatabaseServer(_ configuration: Configuration) -> HealthCheck {
        do {
            return .ok(
                "database server",
                "The database server answers: \(try Database.examineServer(configuration.database())).")
        } catch DatabaseError.incompatible(let text) {
            return .failing("database server", text, "docs/postgresql.md")
        } catch {
            return .failing("database server", "\(error).", "Check database.url, and that the server runs.")
        }
    }

    private func checkKey(_ configuration: Configuration) -> HealthCheck {
        let (path, isConfigured) = (configuration.masterKeyFile, !configuration.masterKey.isEmpty)
        guard isConfigured || fileStatus(path) != nil else {
            if configuration.isOnServer, isSetUp(configuration) {
                return .failing(
                    "master key", "\(path) is missing, and the database on the server needs it.",
                    "Copy it from the machine that set the database up, or set BUREAU_MASTER_KEY.")
            }
            return configuration.isOnServer || fileStatus(configuration.data + "/bureau.db") == nil
                ? .ok("master key", "The first start makes \(path).")
                : .failing(
                    "master key", "\(path) is missing, and the database needs it.",
                    "Put it back from a backup of the folder, or set BUREAU_MASTER_KEY.")
        }
        do {
            let key = try isConfigured ? MasterKey(base64: configuration.masterKey) : MasterKey.atFile(path)
            let place = isConfigured ? "The key is configured." : "The key is \(path)."
            if let failure = refusal(of: key, configuration) {
                return .failing("master key", "\(place) But \(failure.what).", failure.remedy)
            }
            let advice = " Keep a copy elsewhere: a backup is worth little without it."
            return .ok("master key", place + (isConfigured ? "" : advice))
        } catch {
            return .failing("master key", "\(error)")
        }
    }

    /// Why the database cannot be opened with a key that is not its own; `nil` where it is, or where that cannot be
    /// told: a server that runs on the folder has found its key to be good.
    private func refusal(of key: MasterKey, _ configuration: Configuration) -> CommandFailure? {
        guard let database = openedDatabase(configuration) else { return nil }
        defer { database.close() }
        do {
            try SigningKeys.check(database, key)
            return nil
        } catch {
            return error as? CommandFailure
        }
    }

    /// Names what the connected channels lack, as far as the database tells: what is not there, and what a service has
    /// said in the latest test. Nothing where it cannot be opened, or no channel is connected.
    private func acrossTenantsCheckChannels(_ configuration: Configuration) -> [HealthCheck] {
        guard let database = openedDatabase(configuration) else { return [] }
        defer { database.close() }
        let providers = describedProviders
        let found = try? database.acrossTenantsRead { reader in
            try reader.all(
                """
                SELECT \(trusted: ConnectedChannel.columns.of("i", with: ["name": "t.name"]))
                FROM integrations i JOIN tenants t ON t.id = i.tenant_id
                WHERE i.capability = 'chat' AND (i.status <> 'disabled' OR i.error IS NOT NULL)
                ORDER BY t.name, i.provider LIMIT 200
                """
            ) { row -> String? in
                let channel = try ConnectedChannel(row)
                guard let provider = providers[channel.provider] else { return nil }
                let names = channel.credentials
                // One that waits for its owner's consent is disabled by itself, any other by a person.
                let isWaiting = (provider as? any OAuthProvider)?.wantsConsent(given: names) == true
                guard isWaiting || channel.status != "disabled" else { return nil }
                let missing = provider.missing(channel.settings, names).map { "lacks \($0)" }
                let told = channel.error.map { ": \($0)" } ?? ""
                let faults = (missing.isEmpty ? "" : " " + missing.joined(separator: ", ")) + told
                return faults.isEmpty ? "" : "\(provider.title) of \(channel.tenant)\(faults)"
            }
        }
        guard let channels = found?.compactMap(\.self), !channels.isEmpty else { return [] }
        let faults = channels.filter { !$0.isEmpty }
        return faults.isEmpty
            ? [.ok("channels", "\(counted(channels.count, "channel")) connected, and none lacks anything.")]
            : [
                .warning(
                    "channels", faults.map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " "),
                    "Enter it in Settings, Integrations, and test the integration there.")
            ]
    }

    /// Returns whether the server's database has been used before, in which case its keys are sealed.
    private func isSetUp(_ configuration: Configuration) -> Bool {
        guard let database = openedDatabase(configuration) else { return false }
        defer { database.close() }
        return (try? database.appliedMigrations().isEmpty) == false
    }

    /// The database, where there is one and nobody works on it. A file is opened by its owner alone: what another user
    /// leaves beside it would be in the server's way.
    private func openedDatabase(_ configuration: Configuration) -> Database? {
        let owner = fileStatus(configuration.data + "/bureau.db")?.st_uid
        guard isFolder(configuration.data), configuration.isOnServer || owner == geteuid() else { return nil }
        return try? Database.open(configuration.database())
    }

    /// The running server's own word, or whether one could listen.
    private func checkServer(_ configuration: Configuration) async -> [HealthCheck] {
        if let owner = FolderOwner.process(of: configuration.data) {
            let words = FolderOwner.description(of: configuration.data) ?? "process \(owner)"
            let request = FolderRequest(
                command: HealthCommand.usage.words, values: [], folder: configuration.data)
            guard let answer = try? await FolderSocket.ask(configuration.data, request, { _ in }) else {
                return [
                    .warning(
                        "server", "The server runs (\(words)), but does not answer on its socket.",
                        "See its log.")
                ]
            }
            let failing = (answer["checks"]?.array ?? []).filter { $0["status"] == "failing" }
            guard failing.isEmpty else {
                return failing.map {
                    .failing(
                        "server: \($0["name"]?.text ?? "")", $0["detail"]?.text ?? "", $0["remedy"]?.text)
                }
            }
            return [.ok("server", "The server runs and is well (\(words)).")]
        }
        let address = configuration.listen
        var settings = HTTPServerConfiguration()
        (settings.host, settings.port, settings.threads) = (address.host, address.port, 1)
        let server = HTTPServer(settings) { _ in .reject(Response(status: 503)) }
        do {
            try server.start()
            server.stop()
            return [.ok("server", "No server runs; \(address) is free.")]
        } catch {
            return [
                .warning(
                    "server", "No server runs on this folder, and \(address) cannot be used: \(error).",
                    "Another program may listen there: choose another port with --listen.")
            ]
        }
    }
}

/// A chat channel of an agency, as the database has it.
private struct ConnectedChannel: StoredRow {
    let tenant: String, provider: String
    let settings: JSONObject
    /// The names of the credentials that there are.
    let credentials: [String]
    let error: String?
    let status: String

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (tenant, provider) = (row.text("name"), row.text("provider"))
        settings = JSON(stored: row.text("settings")).object ?? [:]
        credentials = JSON(stored: row.text("has_credentials")).array?.compactMap(\.text) ?? []
        (error, status) = (row.optionalText("error"), row.text("status"))
    }
}
