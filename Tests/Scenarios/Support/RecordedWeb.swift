import JSON
import StandIns
import Synchronization

/// A web as it was recorded: four directories that list two hundred companies, and a site of each. It notes who was
/// asked for what, on which day.
final class RecordedWeb: Sendable {
    struct Ask: Sendable {
        let day: Int, host: String, target: String
        /// Only for what has changed.
        let isConditional: Bool
        let status: Int
    }

    private struct State {
        var day = -1
        var asks: [Ask] = []
        var busy: [String: Int] = [:]
        var busyMost = 0
    }

    static let directories = (0..<4).map { "dir\($0).example" }
    private static let pageSize = 25
    /// The day from which on some companies have another telephone.
    static let moveDay = 12

    let companies = (0..<200).map { RecordedCompany(number: $0) }
    let web: CrawledWeb
    private let state = Mutex(State())

    init() throws {
        web = try CrawledWeb()
        for directory in Self.directories { record("\(directory)/list") { self.list(directory, $0) } }
        for company in companies { record(company) }
        for host in Self.directories + companies.map(\.host) {
            for path in ["/robots.txt", "/sitemap.xml"] where !web.has(host + path) {
                record(host + path) { _ in StandInAnswer(404, "") }
            }
        }
    }

    var day: Int {
        get { state.withLock { $0.day } }
        set { state.withLock { $0.day = newValue } }
    }
    var asks: [Ask] { state.withLock { $0.asks } }
    /// The most requests that one host has had at the same time.
    var busyMost: Int { state.withLock { $0.busyMost } }

    private func record(_ company: RecordedCompany) {
        if company.isClosed {
            record("\(company.host)/robots.txt") { _ in
                StandInAnswer(200, "User-agent: *\nDisallow: /\n", headers: [("Content-Type", "text/plain")])
            }
        }
        for path in ["/", "/imprint"] {
            record(company.host + path) { request in
                guard !company.isBroken else { return StandInAnswer(500, "") }
                let hasMoved = company.moves && self.day >= Self.moveDay && path == "/imprint"
                let mark = "\"\(company.number)\(hasMoved ? "b" : "a")\""
                if request.header("If-None-Match") == mark { return StandInAnswer(304, "") }
                return StandInAnswer(
                    200, company.page(path, hasMoved: hasMoved) ?? "",
                    headers: Searching.page + [("ETag", mark)])
            }
        }
    }

    private func record(_ address: String, _ answer: @escaping CrawledWeb.Answer) {
        let host = String(address.prefix { $0 != "/" })
        web.set(address) { request in
            self.state.withLock { state in
                state.busy[host, default: 0] += 1
                state.busyMost = max(state.busyMost, state.busy[host] ?? 0)
            }
            let told = answer(request)
            self.state.withLock { state in
                state.busy[host, default: 0] -= 1
                state.asks.append(
                    Ask(
                        day: state.day, host: host, target: request.target,
                        isConditional: request.header("If-None-Match") != nil, status: told.status))
            }
            return told
        }
    }

    // MARK: Directories

    /// The companies of a directory, whose rows it shows on pages.
    func listed(in directory: String) -> [RecordedCompany] {
        companies.filter { Self.directories[$0.number % Self.directories.count] == directory }
    }

    private func list(_ directory: String, _ request: ReceivedRequest) -> StandInAnswer {
        let page = request.target.split(separator: "=").last.flatMap { Int($0) } ?? 1
        return StandInAnswer(200, listPage(directory, page), headers: Searching.page)
    }

    private func listPage(_ directory: String, _ page: Int) -> String {
        let all = listed(in: directory)
        let rows = all.dropFirst((page - 1) * Self.pageSize).prefix(Self.pageSize).map { company in
            "<li class='firm'><h2>\(company.name)</h2><a href='http://\(company.host)/'>web</a><i>Berlin</i></li>"
        }
        let next =
            page * Self.pageSize < all.count ? "<a class='next' href='/list?page=\(page + 1)'>next</a>" : ""
        return "<html><body><ul>\(rows.joined())</ul>\(next)</body></html>"
    }

    // MARK: What was said

    /// Every text that an address has ever had.
    func texts(at url: String) -> [String] {
        let parts = url.dropFirst("http://".count).split(separator: "/", maxSplits: 1)
        guard url.hasPrefix("http://"), let host = parts.first.map(String.init) else { return [] }
        let path = "/" + (parts.dropFirst().first ?? "")
        if Self.directories.contains(host) {
            return [listPage(host, path.split(separator: "=").last.flatMap { Int($0) } ?? 1)]
        }
        guard let company = companies.first(where: { $0.host == host }) else { return [] }
        return [false, true].compactMap { company.page(path, hasMoved: $0) }
    }
}

/// A company of the recorded web, and what its pages say.
struct RecordedCompany: Sendable {
    private static let first = [
        "Alder", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Granite", "Harbor", "Iris", "Juniper",
        "Kestrel", "Lark", "Maple", "Nimbus", "Onyx", "Pine", "Quartz", "Raven", "Sable", "Tern",
    ]
    private static let second = [
        "Robotics", "Logistics", "Textiles", "Optics", "Ceramics", "Seating", "Pumps", "Lighting", "Brewing",
        "Printing",
    ]

    let number: Int
    let name: String, host: String

    init(number: Int) {
        self.number = number
        name = "\(Self.first[number % 20]) \(Self.second[number / 20])"
        host = "www.\(name.lowercased().split(separator: " ").joined(separator: "-")).example"
    }

    var legalName: String { "\(name) GmbH" }
    var employees: Int { 20 + number }
    var founded: Int { 1950 + number % 70 }

    /// It wants no programs.
    var isClosed: Bool { number % 20 == 7 }
    var isBroken: Bool { number % 20 == 13 }
    var isOpen: Bool { !isClosed && !isBroken }
    /// It gets another telephone.
    var moves: Bool { number % 10 == 2 }

    /// As it is written on the page.
    func phone(hasMoved: Bool) -> String { "+49 30 90\(hasMoved && moves ? 2 : 1)\(2000 + number)" }

    func page(_ path: String, hasMoved: Bool) -> String? {
        switch path {
        case "/":
            let data: JSON = [
                "@context": "https://schema.org", "@type": "Organization", "name": .string(name),
                "url": .string("http://\(host)/"), "foundingDate": .string("\(founded)"),
                "numberOfEmployees": ["@type": "QuantitativeValue", "value": JSON(employees)],
            ]
            return """
                <html lang="en"><head><title>\(name)</title>
                <script type="application/ld+json">\(data.serialized)</script></head>
                <body><h1>\(name)</h1><a href="/imprint">Imprint</a></body></html>
                """
        case "/imprint":
            let phone = phone(hasMoved: hasMoved)
            return """
                <html lang="en"><head><title>Imprint</title></head><body><h1>Imprint</h1>
                <p>\(legalName), Beispielweg \(number + 1), 10115 Berlin, Germany.</p>
                <p>Phone: <a href="tel:\(phone.filter { $0 != " " })">\(phone)</a></p></body></html>
                """
        default: return nil
        }
    }
}
