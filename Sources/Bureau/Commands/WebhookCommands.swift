internal import Cryptography
internal import Database
internal import HTTPClient
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

/// For who builds a receiver: the agency's events, signed and sent to a program on the developer's machine, which
/// no webhook could reach.
struct ListenCommand: FolderCommand {
    var target: String?
    var events: String?
    var server: String?
    var key: String?
    var tenant: String?
    var secret: String?

    static let usage = Usage<ListenCommand>(
        "listen", "Forwards what happens to a program of yours, signed as a webhook is.",
        [
            .option(
                "forward-to", \.target, "URL", "Where to, such as http://localhost:3000/hook.", required: true
            ),
            .option("events", \.events, "TYPES", "Only these, as lead.*,deal.won (all)."),
            .option(
                "tenant", \.tenant, "T", "The agency's id, or its slug; for a server on this data folder."),
            .option("server", \.server, "URL", "Where the server is, if it is not on this machine."),
            .option("key", \.key, "KEY", "An API key with events:read, instead of the data folder."),
            .option("secret", \.secret, "SECRET", "The whsec_ to sign with (a new one, which is shown)."),
        ],
        details: """
            It follows /v1/events/stream until you end it, and goes on where it was when the connection is lost.

              bureau listen --tenant acme --forward-to http://localhost:3000/hook --events 'lead.*'
              bureau trigger lead.qualified --tenant acme
            """)

    func run(_ session: CommandSession) async throws {
        guard let target = try? OutboundURL(target ?? "") else {
            throw CommandFailure("--forward-to is not a URL", "Write http://localhost:3000/hook.")
        }
        guard let secret = secret == nil ? WebhookSecret() : secret.flatMap(WebhookSecret.init) else {
            throw CommandFailure("--secret is not valid", "Write whsec_ and base 64.")
        }
        var (address, key) = (server, key)
        if key == nil {
            let made = try await FolderWork(try session.configuration(), session, session.values).result {
                _ in
            }
            (address, key) = (address ?? made["server"]?.text, made["key"]?.text)
        }
        let base = try address ?? session.configuration().address
        session.terminal.printError("Signing with \(secret.text)")
        try await Forwarder(
            base: base, key: key ?? "", events: events, target: target, secret: secret,
            terminal: session.terminal
        ).run()
    }

    /// A key for the stream, from the server that holds the folder.
    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        guard !call.isAlone else {
            throw CommandFailure("no server runs on this data folder", "Start the server: bureau serve.")
        }
        let tenant = try app.tenant(tenant)
        let secret = try await app.database.write(tenant.tenantID) { tx in
            var key = APIKey.new(id: tx.nextID(), now: tx.now)
            (key.name, key.scopes) = ("bureau listen", ["events:read"])
            key.expiresAt = tx.now + .seconds(86_400)
            return try tx.apiKeys.create(&key, by: .system)
        }
        return ["key": .string(secret), "server": .string(app.configuration.address)]
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String { "" }
}

/// Follows the stream and sends on what comes.
private struct Forwarder: Sendable {
    let base: String, key: String, events: String?
    let target: OutboundURL
    let secret: WebhookSecret
    let terminal: Terminal
    /// On the developer's own machine, at the developer's own wish.
    private let client = HTTPClient(HTTPClientConfiguration(AddressGuard(allowsPrivate: true)))

    init(
        base: String, key: String, events: String?, target: OutboundURL, secret: WebhookSecret,
        terminal: Terminal
    ) {
        (self.base, self.key, self.events, self.target) = (base, key, events, target)
        (self.secret, self.terminal) = (secret, terminal)
    }

    func run() async throws {
        var last: String?
        while !Task.isCancelled {
            do {
                try await follow(&last)
            } catch let error as HTTPClientError {
                terminal.printError("The stream ended: \(error). It is taken up again.")
            }
            await systemWait(until: systemSteadyClock() + .seconds(2))
        }
    }

    private func follow(_ last: inout String?) async throws {
        let query = events.map { "?types=\($0)" } ?? ""
        guard let url = try? OutboundURL("\(base)/v1/events/stream\(query)") else {
            throw CommandFailure("the server's address is not a URL: \(base)")
        }
        var request = HTTPClientRequest("GET", url, headers: [("Authorization", "Bearer \(key)")])
        if let last { request.headers.append(("Last-Event-ID", last)) }
        request.deadline = .seconds(86_400)
        request.silenceMax = .seconds(60)
        request.bodyLimit = .fail(.max)
        let stream = try await client.stream(request)
        guard stream.status == 200 else {
            let answer = String(decoding: try await stream.body.collect().prefix(1000), as: UTF8.self)
            throw CommandFailure("the server answered \(stream.status): \(answer)")
        }
        terminal.printError("Listening on \(base), forwarding to \(target)")
        var reader = EventStreamReader()
        for try await part in stream.body {
            for frame in reader.read(part) {
                if let id = frame.id { last = id }
                await forward(frame)
            }
        }
    }

    private func forward(_ frame: EventStreamReader.Frame) async {
        guard let event = try? JSONParser.parse(Array(frame.data.utf8)), let id = event["id"]?.text,
            let type = event["type"]?.text
        else { return }
        let subject = Subject(
            type: event["subject"]?["type"]?.text ?? "", id: event["subject"]?["id"]?.text ?? "")
        let body = WebhookMessage.body(
            type: type, timestamp: event["created_at"]?.text ?? "", subject: subject,
            data: event["data"]?.object ?? [:])
        let start = systemSteadyClock()
        var request = HTTPClientRequest(
            "POST", target, headers: webhookHeaders(id: id, at: .wallClock(), body: body, secrets: [secret]),
            body: body)
        request.redirectsMax = 0
        request.bodyLimit = .truncate(1000)
        let result: String
        do {
            result = "\(try await client.send(request).status)"
        } catch {
            result = "\(error)"
        }
        let took = (systemSteadyClock() - start).microseconds / 1000
        terminal.print("\(Instant.wallClock())  \(type)  \(id)  \(result)  \(took) ms")
    }
}

/// For who builds a receiver: an event as it will come one day, now.
struct TriggerCommand: FolderCommand {
    var type: String?
    var tenant: String?

    static let usage = Usage<TriggerCommand>(
        "trigger", "Makes a sample event, for webhooks and streams; marked as a test.",
        [
            .positional("TYPE", \.type, "The event's type: lead.qualified."),
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
        ],
        details: """
            It is about a record that exists where there is one, changes nothing, and starts no agent. Its data has
            "test": true.

              bureau trigger lead.qualified --tenant acme
            """)

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant)
        guard let type, EventTypes.isName(type), type.contains(".") else {
            throw CommandFailure(
                "TYPE is not a type of event", "Write a resource and what happened: lead.qualified.")
        }
        if let fault = app.runtime.eventCatalog?.fault(of: type) {
            throw CommandFailure(fault, "Look at GET /v1/meta/events for all types and their meaning.")
        }
        let event = try await app.database.write(tenant.tenantID) { tx in try tx.publishSample(type) }
        return JSON(stored: String(decoding: event.json, as: UTF8.self))
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        "\(result["type"]?.text ?? "")  \(result["id"]?.text ?? "")  about \(result["subject"]?["id"]?.text ?? "")"
    }
}
