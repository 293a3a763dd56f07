import Testing

/// The pages and the API, held to one another.
@Suite struct `The console` {
    private static let operations = Operations(Project.lines("openapi/operations.txt"))
    private static let scripts =
        ["static/app", "static/ui", "static/slices", "static/portal", "static/public"].flatMap {
            Project.files(in: $0, named: ".js")
        }.map { ScriptSource(path: $0, text: Project.text($0)) }
    private static let exports = scripts.reduce(into: [String: [String]]()) { known, script in
        known.merge(script.exports) { $0 + $1 }
    }
    private static let excusedPath = "Tests/Tidy/console-excused.txt"

    @Test func `calls no operation that does not exist`() {
        var faults: [String] = [], count = 0
        for script in Self.scripts {
            for call in script.calls(Self.exports) {
                count += 1
                let matching = call.paths.flatMap(Self.operations.matching)
                if let methods = call.methods {
                    guard !matching.contains(where: { methods.contains($0.method) }) else { continue }
                    faults.append(
                        "\(call.place): \(methods.sorted().joined(separator: "/")) \(call.paths[0])")
                } else if matching.isEmpty, !call.paths.contains(where: Self.operations.begin) {
                    faults.append("\(call.place): \(call.paths[0])")
                }
            }
        }
        expectNone(faults, "The API has no such operation (openapi/operations.txt):")
        #expect(count > 200, "the pages' calls are found")
    }

    @Test func `reaches every operation that an owner may use, or says why not`() {
        let (reached, excused) = (Self.reached(), Self.excused())
        var faults: [String] = []
        for operation in Self.ofOwners() where !reached.contains(operation) && excused[operation] == nil {
            faults.append(operation)
        }
        expectNone(faults, "No page calls it: build one, or name it in \(Self.excusedPath) with the reason:")
        let all = Set(Self.operations.all.map { "\($0.method) \($0.path)" })
        expectNone(excused.keys.filter { !all.contains($0) }.sorted(), "Excused, and no operation:")
        expectNone(excused.keys.filter(reached.contains).sorted(), "Excused, though a page calls it:")
    }

    @Test func `calls are found as pages write them`() {
        let script = ScriptSource(
            path: "static/app/x.js",
            text: """
                const path = `/v1/leads/${encodeURIComponent(id)}`, none = /\\/v1\\/x/;
                const of = ({ id }) => `/v1/tickets/${id}`;
                // "/v1/comment"
                get(withQuery("/v1/deals", { limit: 5 }), signal);
                call(path, { method: isOld ? "PATCH" : "PUT", body });
                await call(`${path}/score`, { method: "POST" });
                call(`${of(ticket)}/resolve?x=${y}`, options);
                post("/v1/views", {});
                download(`${path}.pdf`, name);
                """)
        let calls = script.calls().map { call in
            "\(call.methods?.sorted().joined(separator: "/") ?? "?") \(call.paths[0])"
        }
        #expect(
            calls == [
                "? /v1/leads/*", "? /v1/tickets/*", "GET /v1/deals", "PATCH/PUT /v1/leads/*",
                "POST /v1/leads/*/score", "? /v1/tickets/*/resolve?x=*", "POST /v1/views",
                "GET /v1/leads/*.pdf",
            ])
    }

    @Test func `a call reaches operations by what they let it fill in, and no others`() {
        let operations = Operations([
            "list_leads GET /v1/leads", "get_lead GET /v1/leads/{id}", "get_figures GET /v1/leads/figures",
            "get_page GET /v1/leads/{id}.pdf",
        ])
        func reached(_ path: String) -> [String] { operations.reached(by: path).map(\.path) }
        #expect(reached("/v1/*").isEmpty)
        #expect(reached("/v1/leads?q=*") == ["/v1/leads"])
        #expect(reached("/v1/leads/*") == ["/v1/leads/{id}"])
        #expect(reached("/v1/leads/figures") == ["/v1/leads/figures"])
        #expect(reached("/v1/leads/*.pdf") == ["/v1/leads/{id}.pdf"])
        #expect(reached("/v1/leads/lead_1") == ["/v1/leads/{id}"])
    }

    // MARK: What is reached

    /// The operations that pages call, and those of the lists and records that they draw by the declarations.
    private static func reached() -> Set<String> {
        var reached: Set<String> = []
        func reach(_ paths: [String], _ methods: Set<String>) {
            for found in paths.flatMap(operations.reached) where methods.contains(found.method) {
                reached.insert("\(found.method) \(found.path)")
            }
        }
        for script in scripts {
            let named = script.namedMethods
            for call in script.calls(exports) { reach(call.paths, call.methods ?? named) }
            if script.path.hasPrefix("static/app/records/"), script.path.hasSuffix("kinds.js") {
                for kind in script.exportedKeys {
                    reach(["/v1/\(kind)"], ["GET", "POST"])
                    reach(["/v1/\(kind)/{id}"], ["GET", "PATCH", "DELETE"])
                    reach(["/v1/\(kind)/import", "/v1/\(kind)/export"], ["GET", "POST"])
                }
            }
        }
        for operation in operations.all where isNamed(operation.path) {
            reached.insert("\(operation.method) \(operation.path)")
        }
        return reached
    }

    /// Returns whether a module that is about the path's list has its verb among its texts: many buttons hand
    /// theirs over to one function, which makes the path.
    private static func isNamed(_ path: String) -> Bool {
        let isPortal = path.hasPrefix("/v1/portal/")
        let parts = path.split(separator: "/").map(String.init).filter { !isPortal || $0 != "portal" }
        guard parts.count >= 4, parts[2].hasPrefix("{"), let verb = parts.last, !verb.hasPrefix("{") else {
            return false
        }
        return said.contains {
            $0.lastWords.contains(verb) && $0.all.has(parts[1])
                && $0.all.hasPrefix("static/portal/") == isPortal
        }
    }

    /// Each module's texts: the last part of each of them, and all of them with its path.
    private static let said = scripts.map { script in
        (
            lastWords: Set(script.texts.compactMap { $0.split(separator: "/").last.map(String.init) }),
            all: ([script.path] + script.texts).joined(separator: "\n")
        )
    }

    /// The operations below /v1 that ask for a signed-in person of the agency, or of a client.
    private static func ofOwners() -> [String] {
        var path = "", method = "", isOpen = false, found: [String] = []
        let methods = Set(["get", "post", "patch", "put", "delete"].map { Substring("    \($0):") })
        func end() {
            if path.hasPrefix("/v1/"), !path.hasPrefix("/v1/admin"), !method.isEmpty, !isOpen {
                found.append("\(method.uppercased()) \(path)")
            }
            (method, isOpen) = ("", false)
        }
        // Nine lines of ten are further in than these.
        for line in Project.lines("openapi/bureau.yaml") where !line.utf8.starts(with: "       ".utf8) {
            if line.hasPrefix("  /") || line.hasPrefix("  \"/") || line == "components:" {
                end()
                path = line.trimming(" \":")
            } else if methods.contains(line) {
                end()
                method = line.trimming(" :")
            } else if line == "      security: []" {
                isOpen = true
            }
            if line == "components:" { break }
        }
        return found
    }

    /// The operations without a page, each with the reason above it.
    private static func excused() -> [String: String] {
        var excused: [String: String] = [:], reason = ""
        for line in Project.lines(excusedPath) where !line.isEmpty {
            if line.hasPrefix("    ") { excused[line.trimming(" ")] = reason } else { reason = String(line) }
        }
        return excused
    }
}

extension Substring {
    fileprivate func trimming(_ characters: String) -> String {
        var text = self
        while let first = text.first, characters.contains(first) { text.removeFirst() }
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return String(text)
    }
}
