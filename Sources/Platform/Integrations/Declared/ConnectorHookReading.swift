internal import Agents
internal import JSON
internal import Records

extension ConnectorReading {
    mutating func hooks(_ document: JSONObject) -> ConnectorHooks {
        let part = Part(
            document, "/hooks",
            [
                "proof", "greeting", "answers_get", "events", "key", "key_header", "type", "objects",
                "subscribe",
            ])
        check(unknown: part)
        let greeting = part.object("greeting", &faults).map { document in
            let part = Part(document, "/hooks/greeting", ["header", "credential"])
            check(unknown: part)
            return (
                header: text("header", of: part, isRequired: true) ?? "",
                credential: credential("credential", of: part)
            )
        }
        let objects = part.list("objects", &faults, isRequired: true).map { place, item in
            hookObject(item, place)
        }
        let subscribe = part.object("subscribe", &faults).map { subscription($0) }
        return ConnectorHooks(
            proof: proof(part), greeting: greeting, answersGet: flag("answers_get", of: part),
            events: pointer("events", of: part) ?? .whole, key: pointers("key", of: part),
            keyHeader: text("key_header", of: part), type: pointer("type", of: part), objects: objects,
            subscribe: subscribe)
    }

    private mutating func hookObject(_ document: JSONObject, _ place: String) -> ConnectorHookObject {
        let part = Part(document, place, ["object", "at", "begins", "id"])
        check(unknown: part)
        return ConnectorHookObject(
            object: choice("object", of: part, among: objectNames, isRequired: true) ?? "",
            at: pointer("at", of: part), begins: text("begins", of: part) ?? "", id: pointer("id", of: part))
    }

    private mutating func proof(_ hooks: Part) -> ConnectorHooks.Proof {
        let none = ConnectorHooks.Proof.basic(username: "", password: "")
        guard let document = hooks.object("proof", &faults, isRequired: true) else { return none }
        let part = Part(
            document, "/hooks/proof",
            [
                "kind", "algorithm", "encoding", "header", "prefix", "over", "credential", "time", "username",
                "password",
            ])
        check(unknown: part)
        switch choice("kind", of: part, among: ConnectorHooks.Proof.kinds, isRequired: true) {
        case "basic":
            return .basic(
                username: credential("username", of: part), password: credential("password", of: part))
        case "signature":
            let over = texts("over", of: part, isRequired: true).enumerated().compactMap { index, text in
                if let known = ConnectorSignature.Part(rawValue: text) { return known }
                let choices = ConnectorSignature.Part.allCases.map(\.rawValue)
                faults.add(
                    "/hooks/proof/over/\(index)", "invalid_choice",
                    "Each of over must be one of \(choices.joined(separator: ", ")).", choices: choices)
                return nil
            }
            if over.contains(.time), document["time"] == nil {
                faults.add("/hooks/proof/time", "required", "time is required, for it is signed.")
            }
            return .signature(
                ConnectorSignature(
                    algorithm: choice(
                        "algorithm", of: part, among: ConnectorSignature.Algorithm.allCases.map(\.rawValue)
                    ).flatMap { .init(rawValue: $0) } ?? .sha256,
                    encoding: choice(
                        "encoding", of: part, among: ConnectorSignature.Encoding.allCases.map(\.rawValue)
                    ).flatMap { .init(rawValue: $0) } ?? .hex,
                    header: text("header", of: part, isRequired: true) ?? "",
                    prefix: text("prefix", of: part) ?? "", over: over,
                    secret: credential("credential", of: part), time: time(part)))
        default: return none
        }
    }

    private mutating func time(_ proof: Part) -> (header: String, unit: ConnectorSignature.Unit)? {
        guard let document = proof.object("time", &faults) else { return nil }
        let part = Part(document, "/hooks/proof/time", ["header", "unit"])
        check(unknown: part)
        return (
            text("header", of: part, isRequired: true) ?? "",
            choice("unit", of: part, among: ConnectorSignature.Unit.allCases.map(\.rawValue))
                .flatMap { .init(rawValue: $0) } ?? .seconds
        )
    }

    private mutating func credential(_ name: String, of part: Part) -> String {
        choice(name, of: part, among: credentialNames, isRequired: true) ?? ""
    }

    private mutating func subscription(_ document: JSONObject) -> ConnectorSubscription {
        let place = "/hooks/subscribe"
        let part = Part(document, place, ["method", "path", "query", "send", "list", "items", "address"])
        check(unknown: part)
        let list = part.object("list", &faults).map {
            question($0, "\(place)/list", method: "GET", names: [])
        }
        return ConnectorSubscription(
            question: question(
                document, place, method: "POST",
                names: ["hook"] + credentialNames.map { "credentials.\($0)" }, isChecked: true),
            list: list, items: pointer("items", of: part) ?? .whole,
            address: pointer("address", of: part) ?? .whole)
    }
}
