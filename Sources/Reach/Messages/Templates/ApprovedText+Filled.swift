internal import Database
internal import JSON
internal import Records
internal import Tenancy

extension ApprovedText {
    /// An approved text with values in its places.
    struct Filled: Sendable {
        /// As the service takes them; a file that heads it is put in when it is there.
        let components: JSON
        /// The text as its reader sees it.
        let text: String
    }

    private static let valueMax = 1024

    /// Throws a problem that names every value that is missing, too many, or no value.
    func filled(with parameters: JSON, files: [StoredFile]) throws(Problem) -> Filled {
        var faults = Faults()
        if !parameters.isNull, parameters.object == nil {
            faults.add(
                "/parameters", "invalid_type", "parameters must be an object of header, body and buttons.")
        }
        for (name, _) in parameters.object?.members ?? []
        where !["header", "body", "buttons"].contains(name) {
            faults.add(
                "/parameters/\(name)", "unknown_field", "parameters may have header, body and buttons only.")
        }
        var components: [JSON] = [], lines: [String] = []
        let head = Self.values(header, parameters["header"], "/parameters/header", &faults)
        if let header {
            lines.append(header.filled(head))
            if let part = Self.component("header", header, head) { components.append(part) }
        }
        checkMedia(files, &faults)
        let values = Self.values(body, parameters["body"], "/parameters/body", &faults)
        lines.append(body.filled(values))
        if let part = Self.component("body", body, values) { components.append(part) }
        components += buttonComponents(parameters["buttons"] ?? .null, &faults)
        try faults.throwIfAny()
        return Filled(components: .array(components), text: lines.joined(separator: "\n\n"))
    }

    private func checkMedia(_ files: [StoredFile], _ faults: inout Faults) {
        guard let media else {
            if !files.isEmpty {
                faults.add(
                    "/attachments", "conflict", "The template takes no file: leave the attachments out.")
            }
            return
        }
        guard files.count == 1 else {
            return faults.add(
                "/attachments", "wrong_count",
                "The template begins with a file: attach one of the kind \(media.rawValue).")
        }
        let isFit =
            switch media {
            case .image: files[0].mediaType.hasPrefix("image/")
            case .video: files[0].mediaType.hasPrefix("video/")
            case .document: true
            }
        if !isFit {
            faults.add(
                "/attachments/0", "invalid_media_type",
                "The file is of the type \(files[0].mediaType), but the template needs one of the kind \(media.rawValue)."
            )
        }
    }

    private func buttonComponents(_ given: JSON, _ faults: inout Faults) -> [JSON] {
        let list = given.array ?? []
        if !given.isNull, given.array == nil {
            faults.add(
                "/parameters/buttons", "invalid_type",
                "buttons must be a list with a value for each button, or null.")
        }
        if list.count > buttons.count {
            faults.add(
                "/parameters/buttons", "wrong_count",
                "The template has \(buttons.count) buttons, but \(list.count) values were given.")
        }
        return buttons.enumerated().compactMap { index, button -> JSON? in
            let pointer = "/parameters/buttons/\(index)"
            // Not `nil` alone, which would be JSON's null.
            let value = index < list.count && !list[index].isNull ? list[index] : JSON?.none
            switch button.kind {
            case .url where button.link?.places.isEmpty == false:
                guard let value else {
                    faults.add(pointer, "required", "The button needs a value: the end of its link.")
                    return nil
                }
                guard let text = Self.value(value, pointer, &faults) else { return nil }
                return Self.button("url", index, ["type": "text", "text": .string(text)])
            case .quickReply:
                guard let value, let text = Self.value(value, pointer, &faults) else { return nil }
                return Self.button("quick_reply", index, ["type": "payload", "payload": .string(text)])
            default:
                if value != nil { faults.add(pointer, "conflict", "The button takes no value: send null.") }
                return nil
            }
        }
    }

    private static func button(_ kind: String, _ index: Int, _ parameter: JSON) -> JSON {
        [
            "type": "button", "sub_type": .string(kind), "index": .string(String(index)),
            "parameters": [parameter],
        ]
    }

    private static func component(_ type: String, _ part: Part, _ values: [String: String]) -> JSON? {
        guard !part.places.isEmpty else { return nil }
        let parameters = part.places.map { place -> JSON in
            var parameter: JSONObject = ["type": "text", "text": .string(values[place] ?? "")]
            if part.isNamed { parameter["parameter_name"] = .string(place) }
            return .object(parameter)
        }
        return ["type": .string(type), "parameters": .array(parameters)]
    }

    /// By the names of the places: from a list in their order, or from an object.
    private static func values(
        _ part: Part?, _ given: JSON?, _ pointer: String, _ faults: inout Faults
    ) -> [String: String] {
        let places = part?.places ?? [], given = given ?? .null
        let wanted = places.map { "{{\($0)}}" }.joined(separator: ", ")
        var values: [String: String] = [:]
        if let members = given.object?.members {
            for (name, value) in members {
                guard places.contains(name) else {
                    faults.add(
                        "\(pointer)/\(name)", "unknown_field",
                        "The placeholder \(name.prefix(64)) is not in the template, which has \(wanted.isEmpty ? "none" : wanted)."
                    )
                    continue
                }
                values[name] = Self.value(value, "\(pointer)/\(name)", &faults)
            }
            for place in places where !members.contains(where: { $0.key == place }) {
                faults.add("\(pointer)/\(place)", "required", "The placeholder {{\(place)}} needs a value.")
            }
            return values
        }
        guard given.isNull || given.array != nil else {
            faults.add(
                pointer, "invalid_type",
                "\(pointer.pointedMember) must be a list of values, or an object by the placeholders' names.")
            return values
        }
        let list = given.array ?? []
        guard list.count == places.count else {
            let needs =
                places.isEmpty
                ? "The template has no placeholders here"
                : "The template has \(places.count) placeholders here: \(wanted)"
            faults.add(pointer, "wrong_count", "\(needs). Values given: \(list.count).")
            return values
        }
        for (index, value) in list.enumerated() {
            values[places[index]] = Self.value(value, "\(pointer)/\(index)", &faults)
        }
        return values
    }

    /// One that WhatsApp takes: it refuses line ends and tabs.
    private static func value(_ given: JSON, _ pointer: String, _ faults: inout Faults) -> String? {
        guard let text = given.text, !text.trimmed.isEmpty, text.count <= valueMax else {
            faults.add(
                pointer, "invalid_text",
                "\(pointer.pointedMember) must be a text of 1 to \(valueMax) characters.")
            return nil
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            faults.add(pointer, "invalid_text", "\(pointer.pointedMember) must be one line, without tabs.")
            return nil
        }
        return text
    }
}
