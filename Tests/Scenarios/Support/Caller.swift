import JSON
import Synchronization
import Testing

/// Someone who calls a server: with a token or anonymously, over connections that are kept alive.
final class Caller: Sendable {
    let server: BureauProcess
    let token: String?
    private let idle = Mutex<(port: Int, connections: [Connection])>((0, []))

    init(_ server: BureauProcess, token: String? = nil) { (self.server, self.token) = (server, token) }

    func get(_ path: String, _ headers: [String: String] = [:]) throws -> Answer {
        try request("GET", path, headers: headers)
    }
    func post(_ path: String, _ body: JSON? = nil, _ headers: [String: String] = [:]) throws -> Answer {
        try request("POST", path, body, headers: headers)
    }
    func patch(_ path: String, _ body: JSON, _ headers: [String: String] = [:]) throws -> Answer {
        try request("PATCH", path, body, headers: headers)
    }
    func put(_ path: String, _ body: JSON) throws -> Answer { try request("PUT", path, body) }
    func delete(_ path: String, _ headers: [String: String] = [:]) throws -> Answer {
        try request("DELETE", path, headers: headers)
    }

    /// POST of bytes that need not be JSON.
    func post(_ path: String, raw: [UInt8], type: String = "application/json") throws -> Answer {
        try request("POST", path, raw: raw, headers: ["Content-Type": type])
    }

    /// Keeps a file.
    func upload(
        _ bytes: [UInt8], _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try post("/v1/files?name=\(name)", raw: bytes, type: "application/octet-stream").ok(
            201, sourceLocation: sourceLocation)
    }

    func request(
        _ method: String, _ path: String, _ body: JSON? = nil, raw: [UInt8]? = nil,
        headers: [String: String] = [:]
    ) throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\n"
        if headers["Host"] == nil { head += "Host: 127.0.0.1\r\n" }
        if headers["Accept"] == nil { head += "Accept: application/json\r\n" }
        if let token, headers["Authorization"] == nil { head += "Authorization: Bearer \(token)\r\n" }
        if body != nil { head += "Content-Type: application/json\r\n" }
        let content = raw ?? body?.bytes
        if let content { head += "Content-Length: \(content.count)\r\n" }
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let answer = try exchange(Array((head + "\r\n").utf8) + (content ?? []), isHEAD: method == "HEAD")
        AnswerWatch.shared.look(at: answer, to: method, path)
        return answer
    }

    /// Sends one request and waits for its answer. A kept connection that turns out to be closed is
    /// replaced: the server had not read the request.
    private func exchange(_ bytes: [UInt8], isHEAD: Bool) throws -> Answer {
        let port = server.port
        while true {
            let kept = idle.withLock { idle in
                if idle.port != port { idle = (port, []) }
                return idle.connections.popLast()
            }
            let connection = try kept ?? Connection(port: port)
            do {
                let began = ContinuousClock.now
                // A server that refuses a large body may answer and close before it has read all.
                let refusal = Result { try connection.send(bytes) }
                var answer: Answer
                do {
                    answer = try connection.receive(toHEAD: isHEAD)
                } catch {
                    try refusal.get()
                    throw error
                }
                answer.duration = began.duration(to: .now)
                if answer.header("Connection")?.lowercased() != "close", case .success = refusal {
                    idle.withLock { if $0.port == port { $0.connections.append(connection) } }
                }
                return answer
            } catch let failure as Connection.Failure where kept != nil && failure.isEarly {
                continue
            }
        }
    }

    /// Every record of a list, page by page.
    func every(
        _ path: String, limit: Int = 200, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [JSON] {
        var all: [JSON] = [], cursor: String?
        let start = path + (path.contains("?") ? "&" : "?") + "limit=\(limit)"
        while true {
            let page = try get(start + (cursor.map { "&cursor=\(escaped($0))" } ?? ""))
                .ok(200, sourceLocation: sourceLocation)
            all += page.items
            guard page["has_more"] == true else { return all }
            let next = try #require(page["next_cursor"]?.text, sourceLocation: sourceLocation)
            try #require(next != cursor, "has_more without a new cursor", sourceLocation: sourceLocation)
            cursor = next
        }
    }

    /// Starts what runs behind a request, and follows it to its end, however long the machine takes.
    @discardableResult
    func ended(
        _ path: String, _ body: JSON? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let answer = try post("\(path)?wait=PT60S", body)
        guard answer.status == 202, let place = answer.header("Location") else {
            return try answer.ok(sourceLocation: sourceLocation)
        }
        return try eventually("the end of \(place)", sourceLocation: sourceLocation) {
            let now = try get(place).ok(sourceLocation: sourceLocation)
            guard !["queued", "running", "waiting"].contains(now.text("status")) else { return nil }
            return now
        }
    }

    /// Returns the number of records that a list of leads counts.
    func total(_ query: String = "", of list: String = "leads") throws -> Int64? {
        try get("/v1/\(list)?limit=1&total=true\(query)").ok()["total"]?.int
    }
}

extension Answer {
    /// The JSON of an answer of that status.
    @discardableResult
    func ok(_ wanted: Int = 200, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        try #require(status == wanted, "wanted \(wanted), got \(self)", sourceLocation: sourceLocation)
        return json
    }

    /// The problem document of an answer of that status and code: whole, and telling nothing of the inside.
    @discardableResult
    func problem(
        _ wanted: Int, _ code: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try #require(
            status == wanted, "wanted \(wanted) \(code ?? ""), got \(self)", sourceLocation: sourceLocation)
        let type = header("Content-Type") ?? ""
        #expect(type.hasPrefix("application/problem+json"), "\(self)", sourceLocation: sourceLocation)
        for member in ["type", "title", "status", "detail", "code", "request_id", "recommended_action"] {
            #expect(json[member] != nil, "no \(member): \(self)", sourceLocation: sourceLocation)
        }
        #expect(json["status"]?.int == Int64(wanted), sourceLocation: sourceLocation)
        for word in ["SELECT ", "INSERT ", "sqlite", "SQLite", ".swift", "Fatal", "Database."] {
            #expect(!text.contains(word), "leaks \(word): \(self)", sourceLocation: sourceLocation)
        }
        if let code { #expect(json["code"]?.text == code, "\(self)", sourceLocation: sourceLocation) }
        return json
    }

    /// Codes by pointer of a 422.
    func faults(sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: String] {
        let errors = try problem(422, sourceLocation: sourceLocation)["errors"]?.array ?? []
        return Dictionary(
            errors.map { ($0["pointer"]?.text ?? "", $0["code"]?.text ?? "") },
            uniquingKeysWith: { a, _ in a })
    }
}

extension JSON {
    /// The records of a page.
    var items: [JSON] { self["data"]?.array ?? [] }
    /// A text member; empty when there is none.
    func text(_ key: String) -> String { self[key]?.text ?? "" }
    var id: String { text("id") }
    subscript(index: Int) -> JSON {
        guard case .array(let items) = self, items.indices.contains(index) else { return .null }
        return items[index]
    }
}

/// Percent-encodes a query value.
func escaped(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { result, byte in
        if plain.contains(byte) {
            result.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }
}
