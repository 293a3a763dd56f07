import JSON
import StandIns
import Testing

/// Directories and services behind a web of stand-ins, and searches in them.
struct Searching {
    static let page = [("Content-Type", "text/html; charset=utf-8")]

    let web: CrawledWeb
    let agency: Agency

    init(_ more: [String: String] = [:]) throws {
        web = try CrawledWeb()
        agency = try BureauProcess.start(web.settings.merging(more) { $1 }).quietAgency()
        try agency.owner.patch("/v1/agents/lead_generation", ["state": "active"]).ok()
    }

    /// Puts a directory on the web, some firms a page; the names say what their sites are.
    func directory(_ host: String, _ firms: [String], size: Int = 2) {
        web.set("\(host)/list") { request in
            let page = request.target.split(separator: "=").last.flatMap { Int($0) } ?? 1
            let rows = firms.dropFirst((page - 1) * size).prefix(size).map { name in
                let site = "https://www.\(name.lowercased().split(separator: " ").joined()).example/"
                return "<li class='firm'><h2>\(name)</h2><a href='\(site)'>web</a><i>Berlin</i></li>"
            }
            let next =
                page * size < firms.count ? "<a class='next' href='/list?page=\(page + 1)'>next</a>" : ""
            return StandInAnswer(
                200, "<html><body><ul>\(rows.joined())</ul>\(next)</body></html>", headers: Self.page)
        }
    }

    static func source(_ host: String, _ name: String, _ more: JSON = [:]) -> JSON {
        let body: JSON = [
            "name": .string(name), "kind": "directory", "start_url": .string("http://\(host)/list"),
            "item": "//li[@class='firm']", "next": "//a[@class='next']/@href",
            "fields": ["company": "h2", "website": "a/@href", "location": "i"],
        ]
        return body.merging(more)
    }

    @discardableResult
    func declare(_ host: String, _ name: String, _ more: JSON = [:]) throws -> JSON {
        try agency.owner.post("/v1/lead-sources", Self.source(host, name, more)).ok(201)
    }

    /// Connects a service that answers everybody, or one with its key, at a host of the web.
    @discardableResult
    func connect(
        _ provider: String, at host: String, _ credentials: JSON = [:], _ more: JSON = [:]
    ) throws -> JSON {
        let body: JSON = [
            "provider": .string(provider), "capability": "lead_source", "credentials": credentials,
            "settings": ["base_url": .string("http://\(host)")],
        ]
        return try agency.owner.post("/v1/integrations", body.merging(more)).ok(201)
    }

    func search(_ sources: [String], _ more: JSON = [:]) throws -> JSON {
        let body: JSON = ["name": "Search", "sources": JSON(sources)]
        return try agency.owner.post("/v1/searches", body.merging(more)).ok(201)
    }

    /// Runs a new search to its end; returns its result.
    func searched(
        _ sources: [String], _ more: JSON = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        try run(try search(sources, more), sourceLocation: sourceLocation)
    }

    func run(_ search: JSON, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        let run = try agency.owner.ended("/v1/searches/\(search.id)/run", sourceLocation: sourceLocation)
        try #require(run.text("status") == "succeeded", "\(run)", sourceLocation: sourceLocation)
        return run["result"] ?? .null
    }

    func source(_ name: String) throws -> JSON { try agency.owner.get("/v1/lead-sources/\(name)").ok() }

    var leads: [JSON] { get throws { try agency.owner.every("/v1/leads") } }

    /// The error of a run's first source.
    static func error(_ result: JSON) -> String {
        result["by_source"]?.array?.first?["error"]?["code"]?.text ?? ""
    }

    static func answer(_ json: JSON, headers: [(String, String)] = []) -> StandInAnswer {
        StandInAnswer(200, json.serialized, headers: [("Content-Type", "application/json")] + headers)
    }
}
