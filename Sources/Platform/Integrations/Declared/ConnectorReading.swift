internal import Agents
internal import JSON
internal import Records

/// Reads a connector from a document, and finds every fault of it at its place.
struct ConnectorReading {
    private(set) var faults = Faults()

    /// Returns the connector; `nil` where the document has faults. `name`: where it is not in the document.
    static func read(_ document: JSONObject, named name: String? = nil) -> (ConnectorDocument?, Faults) {
        var reading = ConnectorReading()
        let connector = reading.connector(document, named: name)
        return (reading.faults.isEmpty ? connector : nil, reading.faults)
    }

    private mutating func connector(_ document: JSONObject, named given: String?) -> ConnectorDocument {
        var part = Part(
            document, "", ["title", "base_url", "auth", "test", "objects"] + (given == nil ? ["name"] : []))
        check(unknown: &part)
        let name = given ?? text("name", of: part, isRequired: true) ?? ""
        if !name.isEmpty, !name.isConnectorName {
            faults.add(
                "/name", "invalid_key",
                "name must have small letters, digits and _ only, begin with a letter, and have at most 40.")
        }
        let title = text("title", of: part) ?? name
        let base = text("base_url", of: part)
        let auth = auth(part)
        let test = part.object("test", &faults).map { question($0, "/test", method: "GET", names: []) }
        var objects: [ConnectorObject] = []
        for (place, item) in part.list("objects", &faults) { objects.append(object(item, place)) }
        for (index, object) in objects.enumerated()
        where objects[..<index].contains(where: { $0.name == object.name }) {
            faults.add(
                "/objects/\(index)/name", "already_exists", "Two objects have the name \(object.name).")
        }
        return ConnectorDocument(
            name: name, title: title, baseURL: base, auth: auth, test: test, objects: objects)
    }

    private mutating func auth(_ part: Part) -> ConnectorAuth {
        guard let document = part.object("auth", &faults, isRequired: true) else { return .none }
        var auth = Part(
            document, "/auth", ["kind", "credential", "header", "parameter", "username", "password"])
        check(unknown: &auth)
        func name(_ member: String, _ reading: inout ConnectorReading) -> String {
            let text = reading.text(member, of: auth, isRequired: true) ?? ""
            if !text.isEmpty, !text.isConnectorName {
                reading.faults.add(
                    "/auth/\(member)", "invalid_key", "\(member) must have small letters, digits and _ only.")
            }
            return text
        }
        switch choice("kind", of: auth, among: ConnectorAuth.kinds, isRequired: true) {
        case "bearer": return .bearer(credential: name("credential", &self))
        case "header":
            let header = text("header", of: auth, isRequired: true) ?? ""
            if !header.isEmpty, !WebAccounts.canSet(header: header) {
                faults.add("/auth/header", "invalid_key", "header must be a header that can be set.")
            }
            return .header(name: header, credential: name("credential", &self))
        case "query":
            let parameter = text("parameter", of: auth, isRequired: true) ?? ""
            return .query(parameter: parameter, credential: name("credential", &self))
        case "basic": return .basic(username: name("username", &self), password: name("password", &self))
        default: return .none
        }
    }

    // MARK: Objects

    private mutating func object(_ document: JSONObject, _ place: String) -> ConnectorObject {
        var part = Part(
            document, place,
            ["name", "id", "updated_at", "deleted", "list", "find", "create", "update", "delete", "fields"])
        check(unknown: &part)
        let name = text("name", of: part, isRequired: true) ?? ""
        let fields = part.list("fields", &faults, isRequired: true).map { field($0.item, $0.place) }
        for (index, field) in fields.enumerated()
        where fields[..<index].contains(where: { $0.name == field.name }) {
            faults.add(
                "\(place)/fields/\(index)/name", "already_exists", "Two fields have the name \(field.name).")
        }
        return ConnectorObject(
            name: name, id: pointer("id", of: part, isRequired: true) ?? .whole,
            updatedAt: pointer("updated_at", of: part), deleted: pointer("deleted", of: part),
            list: part.object("list", &faults, isRequired: true).map {
                list($0, "\(place)/list", names: ["since"])
            },
            find: part.object("find", &faults).map { list($0, "\(place)/find", names: ["key"]) },
            create: part.object("create", &faults).map {
                writing($0, "\(place)/create", method: "POST", names: [])
            },
            update: part.object("update", &faults).map {
                writing($0, "\(place)/update", method: "PATCH", names: ["id"])
            },
            delete: part.object("delete", &faults).map {
                writing($0, "\(place)/delete", method: "DELETE", names: ["id"])
            },
            fields: fields)
    }

    private mutating func list(_ document: JSONObject, _ place: String, names: [String]) -> ConnectorList {
        var part = Part(document, place, ["method", "path", "query", "items", "total", "next"])
        check(unknown: &part)
        return ConnectorList(
            question: question(document, place, method: "GET", names: names, isChecked: true),
            items: pointer("items", of: part, isRequired: true) ?? .whole, total: pointer("total", of: part),
            next: paging(part))
    }

    private mutating func paging(_ list: Part) -> ConnectorPaging {
        guard let document = list.object("next", &faults) else { return .none }
        var part = Part(document, "\(list.place)/next", ["kind", "at", "parameter", "first"])
        check(unknown: &part)
        switch choice("kind", of: part, among: ConnectorPaging.kinds, isRequired: true) {
        case "token":
            return .token(
                at: pointer("at", of: part, isRequired: true) ?? .whole,
                parameter: text("parameter", of: part, isRequired: true) ?? "")
        case "page":
            let first = part.members["first"].map { Int($0.int ?? -1) } ?? 1
            if first < 0 {
                faults.add(
                    "\(part.place)/first", "wrong_type", "first must be a number that is not negative.")
            }
            return .page(parameter: text("parameter", of: part, isRequired: true) ?? "", first: first)
        case "offset": return .offset(parameter: text("parameter", of: part, isRequired: true) ?? "")
        case "link": return .link(at: pointer("at", of: part))
        default: return .none
        }
    }

    private mutating func writing(
        _ document: JSONObject, _ place: String, method: String, names: [String]
    ) -> ConnectorWriting {
        var part = Part(document, place, ["method", "path", "query", "body", "id"])
        check(unknown: &part)
        return ConnectorWriting(
            question: question(document, place, method: method, names: names, isChecked: true),
            body: pointer("body", of: part) ?? .whole, id: pointer("id", of: part))
    }

    private mutating func question(
        _ document: JSONObject, _ place: String, method: String, names: [String], isChecked: Bool = false
    ) -> ConnectorQuestion {
        var part = Part(document, place, ["method", "path", "query"])
        if !isChecked { check(unknown: &part) }
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        let method = choice("method", of: part, among: methods) ?? method
        let path = text("path", of: part, isRequired: true) ?? ""
        if !path.isEmpty, !path.hasPrefix("/") || path.contains("?") || path.contains("#") {
            faults.add(
                "\(place)/path", "invalid_path",
                "path must begin with / and have no query: put that into query.")
        }
        check(ConnectorText(path), "\(place)/path", names)
        var query: [(name: String, value: ConnectorText)] = []
        for (name, value) in part.object("query", &faults)?.members ?? [] {
            let here = "\(place)/query/\(name.pointerToken)"
            guard let text = value.text ?? value.int.map({ "\($0)" }) ?? value.flag.map({ "\($0)" }) else {
                faults.add(here, "wrong_type", "\(name.prefix(64)) must be a text.")
                continue
            }
            check(ConnectorText(text), here, names)
            query.append((name, ConnectorText(text)))
        }
        return ConnectorQuestion(method: method, path: ConnectorText(path), query: query)
    }

    private mutating func check(_ text: ConnectorText, _ place: String, _ known: [String]) {
        for name in text.names where !known.contains(name) {
            let remedy = known.isEmpty ? "no names are known here" : "write \(known.map { "{{ \($0) }}" }[0])"
            faults.add(place, "unknown_name", "\(name.prefix(64)) is not a name here: \(remedy).")
        }
    }

    private mutating func field(_ document: JSONObject, _ place: String) -> ConnectorField {
        var part = Part(document, place, ["name", "label", "type", "read_only", "at"])
        check(unknown: &part)
        let name = text("name", of: part, isRequired: true) ?? ""
        if let flag = part.members["read_only"], flag.flag == nil {
            faults.add("\(place)/read_only", "wrong_type", "read_only must be true or false.")
        }
        return ConnectorField(
            name: name, label: text("label", of: part) ?? name,
            type: choice("type", of: part, among: ConnectorField.types) ?? "text",
            isReadOnly: part.members["read_only"]?.flag ?? false,
            at: pointer("at", of: part) ?? ConnectorPointer("/\(name.pointerToken)") ?? .whole)
    }

    // MARK: Members

    /// An object of the document.
    private struct Part {
        let members: JSONObject, place: String
        let known: [String]

        init(_ members: JSONObject, _ place: String, _ known: [String]) {
            (self.members, self.place, self.known) = (members, place, known)
        }

        func object(_ name: String, _ faults: inout Faults, isRequired: Bool = false) -> JSONObject? {
            guard let value = members[name], !value.isNull else {
                if isRequired { faults.add("\(place)/\(name)", "required", "\(name) is required.") }
                return nil
            }
            if let object = value.object { return object }
            faults.add("\(place)/\(name)", "wrong_type", "\(name) must be an object.")
            return nil
        }

        func list(
            _ name: String, _ faults: inout Faults, isRequired: Bool = false
        ) -> [(place: String, item: JSONObject)] {
            guard let value = members[name], !value.isNull else {
                if isRequired { faults.add("\(place)/\(name)", "required", "\(name) is required.") }
                return []
            }
            guard let items = value.array, items.count <= 200 else {
                faults.add("\(place)/\(name)", "wrong_type", "\(name) must be a list of at most 200 objects.")
                return []
            }
            return items.enumerated().compactMap { index, item in
                if let object = item.object { return ("\(place)/\(name)/\(index)", object) }
                faults.add("\(place)/\(name)/\(index)", "wrong_type", "Each of \(name) must be an object.")
                return nil
            }
        }
    }

    private mutating func check(unknown part: inout Part) {
        for name in part.members.keys where !part.known.contains(name) {
            faults.add(
                "\(part.place)/\(name.pointerToken)", "unknown_field",
                "\(name.prefix(64)) is not known here: \(part.known.joined(separator: ", ")) are.")
        }
    }

    private mutating func text(_ name: String, of part: Part, isRequired: Bool = false) -> String? {
        guard let value = part.members[name], !value.isNull, value.text?.trimmed.isEmpty != true else {
            if isRequired { faults.add("\(part.place)/\(name)", "required", "\(name) is required.") }
            return nil
        }
        if let text = value.text?.trimmed, text.utf8.count <= 2000 { return text }
        faults.add("\(part.place)/\(name)", "wrong_type", "\(name) must be a text.")
        return nil
    }

    private mutating func choice(
        _ name: String, of part: Part, among choices: [String], isRequired: Bool = false
    ) -> String? {
        guard let text = text(name, of: part, isRequired: isRequired) else { return nil }
        if choices.contains(text) { return text }
        faults.add(
            "\(part.place)/\(name)", "invalid_choice",
            "\(name) must be one of \(choices.joined(separator: ", ")).",
            choices: choices)
        return nil
    }

    private mutating func pointer(
        _ name: String, of part: Part, isRequired: Bool = false
    ) -> ConnectorPointer? {
        guard let value = part.members[name], !value.isNull else {
            if isRequired { faults.add("\(part.place)/\(name)", "required", "\(name) is required.") }
            return nil
        }
        if let text = value.text, let pointer = ConnectorPointer(text) { return pointer }
        faults.add(
            "\(part.place)/\(name)", "invalid_pointer", "\(name) must be a JSON Pointer, such as /data/id.")
        return nil
    }
}

extension String {
    /// Whether it can name a connector or a credential.
    var isConnectorName: Bool {
        (1...40).contains(utf8.count) && utf8.first.map { (0x61...0x7A).contains($0) } == true
            && utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
