import Cryptography
import Database
import Glibc
import JSON
import Records
import Routing
import Telemetry
import Tenancy
import Testing

@testable import Bureau

/// An installation in a folder of its own, which goes with it.
private final class TestFolder {
    var configuration = Configuration()

    init() {
        configuration.data = "/tmp/bureau-test-" + RandomToken.make(characters: 16)
        (configuration.passwordMemoryKiB, configuration.passwordPasses) = (64, 1)
    }

    deinit { removeFolder(configuration.data) }

    func open() throws -> App { try App(configuration, log: .silent) }
}

private let alone = FolderCall(workingFolder: "/tmp", isAlone: true) { _ in }

@Suite(.serialized) struct AppTests {
    @Test
    func
        `given a folder, when it is opened again, then its keys are the same and its files are the owner's alone`()
        throws
    {
        let folder = TestFolder()
        let first = try folder.open()
        let token = first.services.tokens.sign(["sub": "x"], now: .wallClock())
        first.close()
        let second = try folder.open()
        defer { second.close() }
        #expect(try second.services.tokens.verify(token, now: .wallClock())["sub"] == "x")
        for name in ["", "/bureau.db", "/master.key"] {
            let mode = try #require(fileStatus(folder.configuration.data + name)).st_mode
            #expect(mode & 0o077 == 0, "\(name)")
        }
    }

    @Test
    func `given a database, when its master key is gone or another, then it is refused with what to do`()
        throws
    {
        let folder = TestFolder()
        try folder.open().close()
        removeFile(folder.configuration.masterKeyFile)
        #expect(throws: CommandFailure.self) { try folder.open() }
        #expect(
            fileStatus(folder.configuration.masterKeyFile) == nil,
            "no new key may take the place of the lost one")
        folder.configuration.masterKey = Base64.encode(SystemRandom.bytes(32))
        let failure = #expect(throws: CommandFailure.self) { try folder.open() }
        #expect(failure?.what == "the master key does not open this database's keys")
    }

    @Test
    func
        `given a signing key older than 90 days, when the folder is opened, then a new one signs and both verify`()
        throws
    {
        let folder = TestFolder()
        let first = try folder.open()
        let token = first.services.tokens.sign(["sub": "x"], now: .wallClock())
        try first.database.writeAndWait(.platform) { tx in
            let old = Instant.wallClock() - .seconds(91 * 86_400)
            try tx.run("UPDATE signing_keys SET created_at = \(old) WHERE tenant_id = \(tx.tenant)")
        }
        first.close()
        let second = try folder.open()
        defer { second.close() }
        #expect(try second.services.tokens.verify(token, now: .wallClock())["sub"] == "x")
        let new = second.services.tokens.sign(["sub": "x"], now: .wallClock())
        #expect(new.prefix { $0 != "." } != token.prefix { $0 != "." })
    }

    @Test
    func
        `given a folder without a server, when an agency is made and filled, then each command tells what it made`()
        async throws
    {
        let folder = TestFolder()
        let app = try folder.open()
        defer { app.close() }
        var create = TenantCreateCommand()
        (create.name, create.timeZone) = ("Northwind", "Europe/Berlin")
        let tenant = try await create.work(app, alone)
        #expect(tenant["slug"] == "northwind")

        var user = UserCreateCommand()
        (user.tenant, user.email, user.password) = (
            "northwind", "olive.owner@example.com", "correct horse battery"
        )
        let made = try await user.work(app, alone)
        #expect(made["name"] == "Olive Owner")
        #expect(made["role"] == "owner")
        await #expect(throws: CommandFailure.self) { try await user.work(app, alone) }
        user.password = "password"
        await #expect(throws: Problem.self) { try await user.work(app, alone) }

        var reset = ResetPasswordCommand()
        reset.email = "OLIVE.owner@example.com"
        #expect(
            try await reset.work(app, alone)["link"]?.text?.hasPrefix("http://127.0.0.1:8080/#/reset/pr_")
                == true)

        var key = KeyCreateCommand()
        (key.tenant, key.name, key.scopes) = (tenant["id"]?.text, "robot", ["leads:read"])
        #expect(try await key.work(app, alone)["secret"]?.text?.hasPrefix("bk_") == true)
        key.scopes = ["leads:eat"]
        await #expect(throws: Problem.self) { try await key.work(app, alone) }

        var agents = AgentsListCommand()
        agents.tenant = "northwind"
        #expect(try await agents.work(app, alone).array?.contains { $0["name"] == "lead_scoring" } == true)
        agents.tenant = "tenant_nobody"
        await #expect(throws: CommandFailure.self) { try await agents.work(app, alone) }

        let status = try app.status(isServed: false)
        #expect(status["tenants"] == 1 && status["users"] == 1 && status["status"] == "stopped")
        let checks = await app.health(isServed: false)
        #expect(checks.state == .failing)
        #expect(checks.filter { $0.state == .failing }.map(\.name) == ["server"], "nothing else is amiss")
    }

    @Test
    func
        `given a file, when it is imported without a server, then the rows are there and the workers are gone`()
        async throws
    {
        let folder = TestFolder()
        let app = try folder.open()
        defer { app.close() }
        var create = TenantCreateCommand()
        create.name = "Northwind"
        _ = try await create.work(app, alone)
        let path = folder.configuration.data + "/leads.csv"
        try writeFile("company,email\nAcme,jane@acme.example\nBeta,joe@beta.example\n", to: path)
        var bringIn = ImportCommand()
        (bringIn.file, bringIn.tenant) = (path, "northwind")
        let result = try await bringIn.work(app, alone)
        #expect(result["created"] == 2)
        #expect(bringIn.text(result, Terminal()).hasPrefix("2 created, 0 updated"))
        #expect(isFile(path), "the file is the user's own")
        #expect(try app.status(isServed: false)["leads"] == 2)
        bringIn.file = "/absent/leads.csv"
        let failure = await #expect(throws: CommandFailure.self) { try await bringIn.work(app, alone) }
        #expect(failure?.what.contains("/absent/leads.csv") == true)
    }

    @Test
    func `given a server's socket, when a command is sent, then the server answers, also with its refusals`()
        async throws
    {
        let folder = TestFolder()
        // Longer than a socket's address can be.
        folder.configuration.data += "/" + String(repeating: "d", count: 120)
        let app = try folder.open()
        defer { app.close() }
        let socket = try #require(FolderSocket(app))
        let path = folder.configuration.data + "/" + FolderSocket.name
        #expect(try #require(fileStatus(path)).st_mode & 0o777 == 0o600)
        func ask(_ words: [String], _ values: [ParsedValue] = []) async throws -> JSON? {
            try await FolderSocket.ask(
                folder.configuration.data, FolderRequest(command: words, values: values, folder: "/tmp")
            ) { _ in }
        }
        #expect(try await ask(["status"])?["status"] == "running")
        #expect(
            try await ask(["tenant", "create"], [ParsedValue(name: "name", text: "Northwind")])?["slug"]
                == "northwind")
        await #expect(throws: CommandFailure.self) {
            try await ask(["agents", "list"], [ParsedValue(name: "tenant", text: "nobody")])
        }
        await #expect(throws: CommandFailure.self) { try await ask(["serve"]) }
        socket.close()
        #expect(try await ask(["status"]) == nil)
    }

    @Test
    func
        `given nightly backups, when more than are kept have been made, then the oldest go and health is told`()
        async throws
    {
        let folder = TestFolder()
        folder.configuration.backupsKept = 2
        let app = try folder.open()
        defer { app.close() }
        try makeFolder(folder.configuration.backups)
        for day in ["01", "02", "03"] {
            try writeFile("old", to: folder.configuration.backups + "/bureau-202001\(day)-033000.db")
        }
        try writeFile("mine", to: folder.configuration.backups + "/notes.txt")
        await app.backups.makeNightly()
        let files = app.backups.files
        #expect(files.count == 2)
        #expect(files.first?.path.hasSuffix("bureau-20200103-033000.db") == true)
        #expect(try Database.verify(file: try #require(files.last).path).isSound)
        #expect(isFile(folder.configuration.backups + "/notes.txt"))
        #expect(app.backups.check().state == .ok)
    }

    @Test func `given a backup that cannot be made, then health says so`() async throws {
        let folder = TestFolder()
        folder.configuration.backupFolder = "/proc/nowhere"
        let app = try folder.open()
        defer { app.close() }
        await app.backups.makeNightly()
        #expect(app.backups.check().state == .failing)
    }

    @Test func `every route is described`() throws {
        let folder = TestFolder()
        let app = try folder.open()
        defer { app.close() }
        #expect(app.routes.all.count > 60)
        #expect(app.routes.all.allSatisfy { !$0.summary.isEmpty })
        #expect(Set(app.routes.all.map(\.name)).count == app.routes.all.count)
    }
}
