internal import Agents
internal import JSON
internal import Records

extension ConnectorReading {
    mutating func object(_ document: JSONObject, _ place: String) -> ConnectorObject {
        let part = Part(
            document, place,
            [
                "name", "local", "id", "updated_at", "deleted", "list", "changes", "removed", "find", "get",
                "create", "update", "delete", "history", "fields", "fields_at", "format", "describe",
            ])
        check(unknown: part)
        let name = text("name", of: part, isRequired: true) ?? ""
        let base = pointer("fields_at", of: part) ?? .whole
        let format = format(of: part)
        let fields = part.list("fields", &faults, isRequired: true).map {
            field($0.item, $0.place, within: base, format)
        }
        for (index, field) in fields.enumerated()
        where fields[..<index].contains(where: { $0.name == field.name }) {
            faults.add(
                "\(place)/fields/\(index)/name", "already_exists", "Two fields have the name \(field.name).")
        }
        return ConnectorObject(
            name: name,
            local: choice("local", of: part, among: ["leads", "companies", "deals", "clients", "tasks"]),
            id: pointer("id", of: part, isRequired: true) ?? .whole,
            updatedAt: pointer("updated_at", of: part), deleted: pointer("deleted", of: part),
            list: part.object("list", &faults, isRequired: true).map {
                list($0, "\(place)/list", names: ["since"])
            },
            changes: part.object("changes", &faults).map {
                list($0, "\(place)/changes", names: ["since", "now"])
            },
            removed: part.object("removed", &faults).map {
                list($0, "\(place)/removed", names: ["since", "now"])
            },
            find: part.object("find", &faults).map { find($0, "\(place)/find") },
            get: part.object("get", &faults).map { document in
                let part = Part(document, "\(place)/get", ["method", "path", "query", "send", "record"])
                check(unknown: part)
                return ConnectorGet(
                    question: question(
                        document, "\(place)/get", method: "GET", names: ["id"], isChecked: true),
                    record: pointer("record", of: part) ?? .whole)
            },
            create: part.object("create", &faults).map {
                writing($0, "\(place)/create", method: "POST", names: ["own", "home"])
            },
            update: part.object("update", &faults).map {
                writing($0, "\(place)/update", method: "PATCH", names: ["id", "own"])
            },
            delete: part.object("delete", &faults).map {
                writing($0, "\(place)/delete", method: "DELETE", names: ["id"])
            },
            history: part.object("history", &faults).map { history($0, "\(place)/history") },
            fields: fields,
            // References that cannot be written stand beside the fields.
            names: fields.filter { $0.refers == nil || !$0.isReadOnly }.flatMap { field in
                (field.parts.isEmpty ? [field.at] : field.parts).map { $0.path(from: base) }
                    + (field.currency.map { [$0.path(from: base)] } ?? [])
            }.reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } },
            describe: part.object("describe", &faults).map {
                description($0, "\(place)/describe", within: base, format ?? .plain)
            })
    }

    private mutating func description(
        _ document: JSONObject, _ place: String, within base: ConnectorPointer,
        _ format: ConnectorField.Format
    ) -> ConnectorDescription {
        let part = Part(
            document, place,
            ["method", "path", "query", "send", "items", "name", "label", "type", "types", "read_only"])
        check(unknown: part)
        var types: [(remote: String, own: String)] = []
        for (remote, own) in part.object("types", &faults)?.members ?? [] {
            guard let own = own.text, ConnectorField.types.contains(own) else {
                faults.add(
                    "\(place)/types/\(remote.pointerToken)", "invalid_choice",
                    "A type must be one of the connector's.", choices: ConnectorField.types)
                continue
            }
            types.append((remote, own))
        }
        return ConnectorDescription(
            question: question(document, place, method: "GET", names: [], isChecked: true),
            items: pointer("items", of: part, isRequired: true) ?? .whole,
            name: pointer("name", of: part, isRequired: true) ?? .whole, label: pointer("label", of: part),
            type: pointer("type", of: part), types: types, readOnly: pointer("read_only", of: part),
            base: base, format: format)
    }

    private mutating func format(of part: Part) -> ConnectorField.Format? {
        choice("format", of: part, among: ConnectorField.Format.allCases.map(\.rawValue))
            .flatMap { ConnectorField.Format(rawValue: $0) }
    }

    private static let listMembers = [
        "method", "path", "query", "send", "items", "record", "id", "updated_at", "total", "next", "overlap",
    ]

    private mutating func list(
        _ document: JSONObject, _ place: String, names: [String], also: [String] = []
    ) -> ConnectorList {
        let part = Part(document, place, Self.listMembers + also)
        check(unknown: part)
        return ConnectorList(
            question: question(document, place, method: "GET", names: names, isChecked: true),
            items: pointer("items", of: part, isRequired: true) ?? .whole,
            record: pointer("record", of: part) ?? .whole, id: pointer("id", of: part),
            updatedAt: pointer("updated_at", of: part), total: pointer("total", of: part),
            next: paging(part), overlap: .seconds(number("overlap", of: part, in: 1...86_400) ?? 0))
    }

    private mutating func find(_ document: JSONObject, _ place: String) -> ConnectorFind {
        let part = Part(document, place, Self.listMembers + ["by", "one", "match"])
        let list = list(document, place, names: ["key"], also: ["by", "one", "match"])
        let keys = ConnectorFind.Key.allCases.map(\.rawValue)
        let match = part.object("match", &faults).map { document in
            let part = Part(document, "\(place)/match", ["in", "at", "text"])
            check(unknown: part)
            let text = ConnectorText(text("text", of: part, isRequired: true) ?? "")
            check(text, "\(place)/match/text", ["key", "home"])
            return ConnectorMatch(
                list: pointer("in", of: part) ?? .whole,
                at: pointer("at", of: part, isRequired: true) ?? .whole,
                text: text)
        }
        return ConnectorFind(
            by: choice("by", of: part, among: keys).flatMap { .init(rawValue: $0) } ?? .field,
            list: list, isOne: flag("one", of: part), match: match)
    }

    private mutating func paging(_ list: Part) -> ConnectorPaging {
        guard let document = list.object("next", &faults) else { return .none }
        let part = Part(
            document, "\(list.place)/next", ["kind", "at", "parameter", "in", "more", "window", "first"])
        check(unknown: part)
        switch choice("kind", of: part, among: ConnectorPaging.kinds, isRequired: true) {
        case "token":
            let at = pointer("at", of: part, isRequired: true) ?? .whole
            let more = pointer("more", of: part)
            let window = number("window", of: part, in: 1...10_000_000).map { Int($0) }
            if choice("in", of: part, among: ["query", "body"]) == "body" {
                let place = pointer("parameter", of: part, isRequired: true) ?? .whole
                return .token(at: at, .body(place), more: more, window: window)
            }
            return .token(
                at: at, .query(text("parameter", of: part, isRequired: true) ?? ""), more: more,
                window: window)
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

    // MARK: Requests

    private mutating func writing(
        _ document: JSONObject, _ place: String, method: String, names: [String]
    ) -> ConnectorWriting {
        let part = Part(
            document, place, ["method", "path", "query", "send", "body", "id", "keeps_rest", "batch"])
        check(unknown: part)
        return ConnectorWriting(
            question: question(document, place, method: method, names: names, isChecked: true),
            body: pointer("body", of: part) ?? .whole, id: pointer("id", of: part),
            keepsRest: flag("keeps_rest", of: part),
            batch: part.object("batch", &faults).map { batch($0, "\(place)/batch", names: names) })
    }

    private mutating func history(_ document: JSONObject, _ place: String) -> ConnectorHistory {
        let part = Part(document, place, ["method", "path", "query", "send", "id", "find"])
        check(unknown: part)
        let names = ConnectorEntry.names
        return ConnectorHistory(
            question: question(document, place, method: "POST", names: names, isChecked: true),
            id: pointer("id", of: part, isRequired: true) ?? .whole,
            find: part.object("find", &faults).map { document in
                let place = "\(place)/find"
                let part = Part(
                    document, place, ["method", "path", "query", "send", "items", "id", "text", "overlap"])
                check(unknown: part)
                return ConnectorHistory.Find(
                    question: question(document, place, method: "GET", names: names, isChecked: true),
                    items: pointer("items", of: part, isRequired: true) ?? .whole,
                    id: pointer("id", of: part, isRequired: true) ?? .whole,
                    text: pointer("text", of: part, isRequired: true) ?? .whole,
                    overlap: .seconds(number("overlap", of: part, in: 1...86_400) ?? 0))
            })
    }

    private mutating func batch(
        _ document: JSONObject, _ place: String, names: [String]
    ) -> ConnectorBatch {
        let part = Part(
            document, place,
            [
                "method", "path", "query", "send", "size", "items", "record", "each", "results", "id",
                "match",
                "success", "status", "failed",
            ])
        check(unknown: part)
        let each = part.members["each"].map { ConnectorTemplate($0) }
        for (rest, text) in each?.texts ?? [] {
            check(text, "\(place)/each\(rest)", names + ["key"] + settingNames)
        }
        return ConnectorBatch(
            question: question(document, place, method: "POST", names: [], isChecked: true),
            size: Int(number("size", of: part, in: 2...1000, isRequired: true) ?? 2),
            items: pointer("items", of: part, isRequired: true) ?? .whole,
            record: pointer("record", of: part) ?? .whole, each: each,
            results: pointer("results", of: part, isRequired: true) ?? .whole,
            id: pointer("id", of: part, isRequired: true) ?? .whole, match: pointer("match", of: part),
            success: pointer("success", of: part), status: pointer("status", of: part),
            failed: part.object("failed", &faults).map { document in
                let part = Part(document, "\(place)/failed", ["in", "number"])
                check(unknown: part)
                return (
                    list: pointer("in", of: part, isRequired: true) ?? .whole,
                    number: pointer("number", of: part, isRequired: true) ?? .whole
                )
            })
    }

    mutating func question(
        _ document: JSONObject, _ place: String, method: String, names: [String], isChecked: Bool = false
    ) -> ConnectorQuestion {
        let part = Part(document, place, ["method", "path", "query", "send"])
        if !isChecked { check(unknown: part) }
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        let method = choice("method", of: part, among: methods) ?? method
        let path = text("path", of: part, isRequired: true) ?? ""
        if !path.isEmpty, !path.hasPrefix("/") || path.contains("?") || path.contains("#") {
            faults.add(
                "\(place)/path", "invalid_path",
                "path must begin with / and have no query: put that into query.")
        }
        let names = names + settingNames
        check(ConnectorText(path), "\(place)/path", names)
        var query: [(name: String, value: ConnectorText)] = []
        for (name, value) in part.object("query", &faults)?.members ?? [] {
            let here = "\(place)/query/\(name.pointerToken)"
            guard let text = value.text ?? value.int.map({ "\($0)" }) ?? value.flag.map({ "\($0)" }) else {
                faults.add(here, "wrong_type", "\(name.prefix(64)) must be a text.")
                continue
            }
            check(ConnectorText(text), here, names + ["fields"])
            query.append((name, ConnectorText(text)))
        }
        let body = part.members["send"].map { ConnectorTemplate($0) }
        for (rest, text) in body?.texts ?? [] {
            check(text, "\(place)/send\(rest)", names + ["fields"])
        }
        return ConnectorQuestion(method: method, path: ConnectorText(path), query: query, body: body)
    }

    // MARK: Fields

    private mutating func field(
        _ document: JSONObject, _ place: String, within base: ConnectorPointer,
        _ standard: ConnectorField.Format?
    ) -> ConnectorField {
        let part = Part(
            document, place,
            [
                "name", "label", "type", "read_only", "at", "local", "key", "format", "values", "parts",
                "currency_at", "also", "refers", "step",
            ])
        check(unknown: part)
        let name = text("name", of: part, isRequired: true) ?? ""
        let values = (part.object("values", &faults)?.members ?? []).map { (own: $0.key, remote: $0.value) }
        let also = (part.object("also", &faults)?.members ?? []).compactMap { member, value in
            pointer(.string(member), "\(place)/also/\(member.pointerToken)").map { (at: $0, value: value) }
        }
        return ConnectorField(
            name: name, label: text("label", of: part) ?? name,
            type: choice("type", of: part, among: ConnectorField.types) ?? "text",
            isReadOnly: flag("read_only", of: part), at: pointer("at", of: part) ?? base.member(name),
            local: text("local", of: part), isKey: flag("key", of: part),
            format: format(of: part) ?? standard ?? .plain, values: values,
            parts: pointers("parts", of: part), currency: pointer("currency_at", of: part), also: also,
            refers: choice("refers", of: part, among: objectNames),
            step: part.object("step", &faults).map { step($0, "\(place)/step") })
    }

    private mutating func step(_ document: JSONObject, _ place: String) -> ConnectorStep {
        let part = Part(document, place, ["path", "query", "items", "match", "id", "take"])
        check(unknown: part)
        let take = part.object("take", &faults, isRequired: true) ?? [:]
        return ConnectorStep(
            question: question(document, place, method: "GET", names: ["id"], isChecked: true),
            items: pointer("items", of: part, isRequired: true) ?? .whole,
            match: pointer("match", of: part, isRequired: true) ?? .whole,
            take: question(take, "\(place)/take", method: "POST", names: ["id", "step"]),
            id: pointer("id", of: part, isRequired: true) ?? .whole)
    }
}
