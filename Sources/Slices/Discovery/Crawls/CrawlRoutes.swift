internal import Database
internal import HTTPClient
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Markup
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// `/v1/crawls`: crawls that are begun by hand, how they stand, and what became of each page.
func crawlRoutes(_ routes: inout Routes, _ runtime: Runtime, _ addresses: AddressGuard) {
    routes.declare(Crawl.resource)
    routes.declare(CrawlBody.self)
    routes.schema("CrawledPage", CrawlPage.schema)
    routes.events(
        "crawl", ["completed": "A site was read.", "failed": "A site could not be read."],
        ["url": .anyText, "pages": .anyInteger, "reason": .textOrNull])
    let answer = Answer.json(.reference("Crawl"), "The crawl.")
    routes.get(
        "/v1/crawls", .permission("crawls:read"), "List crawls", query: ParameterDoc.list(Crawl.resource),
        .list(Crawl.resource)
    ) { call in
        .read { reader in
            try ListQuery(Crawl.resource, call.request.head.query, dialect: reader.dialect).page(in: reader)
        }
    }
    routes.post(
        "/v1/crawls", .permission("crawls:write"), "Start the crawl of a site, and get it",
        body: .json(.reference("CrawlRequest")), query: [.wait], answer,
        .json(.reference("Crawl"), status: 202, "The crawl, to be followed at Location.")
    ) { call in
        var body = try call.body(CrawlBody.self)
        body.url = try crawlable(body.url, addresses)
        let wait = try RunWait(call), asked = body
        return .task {
            let begun = try await call.commit { tx in
                try tx.require(Referent(Nouns.Lead.self), asked.leadID, at: "/lead_id")
                return try tx.crawls.start(asked, by: call.actor).response(status: 202)
            }
            return try await wait.over(begun, call, runtime)
        }
    }
    routes.get("/v1/crawls/{id}", .permission("crawls:read"), "Get a crawl", answer) { call in
        let id = try call.id("id", of: Crawl.self)
        return .read { try Crawl.resource.get(id, in: $0).response() }
    }
    routes.post(
        "/v1/crawls/{id}/cancel", .permission("crawls:write"),
        "Cancel a crawl; the pages that were stored stay", answer
    ) { call in
        let id = try call.id("id", of: Crawl.self)
        return .write { tx in
            let crawl = try Crawl.resource.get(id, in: tx)
            try call.checkVersion(crawl.version)
            guard !crawl.status.isOver, let job = try tx.jobs.live(CrawlJob.self, uniqueKey: id) else {
                throw Problem(
                    .invalidTransition,
                    "The crawl is \(crawl.status.rawValue): only one that is under way can be cancelled.",
                    extra: ["allowed": []])
            }
            _ = try tx.jobs.cancel(job)
            try tx.auditLog.add(call.actor, "crawl.cancelled", crawl.subject)
            return try Crawl.resource.get(id, in: tx).response()
        }
    }
    pagesRoute(&routes)
}

private func pagesRoute(_ routes: inout Routes) {
    let columns: [SimpleList.Column] = [
        .init("outcome", .choice(CrawlPage.Outcome.choices)),
        .init("reason", .choice(CrawlPage.Reason.choices)),
    ]
    routes.get(
        "/v1/crawls/{id}/pages", .permission("crawls:read"),
        "List the pages that a crawl has found, with what became of each",
        query: SimpleList.docs(columns, fields: CrawlPage.memberNames), .list(of: .reference("CrawledPage"))
    ) { call in
        let id = try call.id("id", of: Crawl.self)
        return .read { reader in
            _ = try Crawl.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, columns, key: "number", oldestFirst: true,
                fields: CrawlPage.memberNames, dialect: reader.dialect)
            list.add("crawl_id = \(id) AND kind = 'page'")
            return try list.page(of: "crawl_pages", CrawlPage.self, in: reader) { $0.write(into: &$1) }
        }
    }
}

/// Returns the address as it is asked for; throws 422 for one that can be seen not to do.
private func crawlable(_ text: String, _ addresses: AddressGuard) throws(Problem) -> String {
    guard let address = PageAddress(text), address.port == nil,
        let url = try? OutboundURL(address.description)
    else {
        throw Problem(faults: [
            Fault(
                "/url", "invalid_url",
                "url must begin with http:// or https://, without a name and password, on port 80 or 443.")
        ])
    }
    do {
        try addresses.check(url)
    } catch {
        throw Problem(faults: [Fault("/url", "refused_address", "url cannot be used: \(error).")])
    }
    return address.description
}

extension Crawl {
    fileprivate func response(status code: Int = 200) -> Response {
        var headers = [("ETag", ETag.text(version))]
        if code == 202 { headers.append(("Location", "/v1/crawls/\(id)")) }
        return .json(Crawl.schema.json(self), status: code, headers: headers)
    }
}

extension RunWait {
    /// The crawl with 200 once it is over; as it stands, with 202, when the time is over first.
    fileprivate func over(_ accepted: Response, _ call: Call, _ runtime: Runtime) async throws -> Response {
        guard !isNone, let last = accepted.header("Location")?.split(separator: "/").last,
            let id = ID<Crawl>(String(last))
        else { return accepted }
        let end = Instant.steadyClock() + limit
        while true {
            let crawl = try runtime.database.read(call.tenant) { try Crawl.resource.get(id, in: $0) }
            if crawl.status.isOver { return crawl.response() }
            guard Instant.steadyClock() < end else { return crawl.response(status: 202) }
            await systemWait(until: .steadyClock() + .milliseconds(50))
            try Task.checkCancellation()
        }
    }
}
