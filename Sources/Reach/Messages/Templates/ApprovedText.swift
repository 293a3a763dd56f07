package import JSON
internal import Records

/// A text that a service has approved beforehand, as WhatsApp has them: a header, a body and buttons, with places that
/// a message fills, `{{1}}`, `{{2}}` or `{{first_name}}`.
package struct ApprovedText: Sendable {
    /// A text with places.
    struct Part: Sendable {
        let text: String
        /// Their names, in the order of the text, each once.
        let places: [String]
        var isNamed: Bool { places.contains { Int($0) == nil } }
    }

    enum Media: String, CaseIterable, Sendable { case image, video, document }

    struct Button: Sendable {
        enum Kind: String, CaseIterable, Sendable {
            case url
            case quickReply = "quick_reply"
            case phone = "phone_number"
        }
        let kind: Kind
        let text: String
        /// The target of a link, with one place at most.
        let link: Part?
    }

    let header: Part?
    /// The kind of file in the header, if the header is a file.
    let media: Media?
    let body: Part
    let buttons: [Button]

    static let schema: JSON = [
        "type": ["object", "null"],
        "properties": [
            "header": [
                "type": "object",
                "properties": [
                    "format": ["type": "string", "enum": ["text", "image", "video", "document"]],
                    "text": ["type": "string"],
                ],
            ],
            "buttons": [
                "type": "array",
                "items": [
                    "type": "object",
                    "properties": [
                        "type": ["type": "string", "enum": ["url", "quick_reply", "phone_number"]],
                        "text": ["type": "string"], "url": ["type": "string"],
                    ],
                ],
            ],
        ],
    ]

    private static let headerMax = 60, bodyMax = 1024, buttonsMax = 10, buttonTextMax = 25, linkMax = 2000

    /// Throws a problem that names every fault.
    init(_ template: MessageTemplate) throws(Problem) {
        var faults = Faults()
        body = Part(template.body, "/body", max: Self.bodyMax, &faults)
        let header = template.components["header"] ?? .null
        if header.isNull {
            (self.header, media) = (nil, nil)
        } else if let media = (header["format"]?.text).flatMap(Media.init(rawValue:)) {
            (self.header, self.media) = (nil, media)
        } else {
            if header["format"]?.text != "text" {
                faults.add(
                    "/components/header/format", "invalid_choice",
                    "format must be text, image, video or document.")
            }
            let text = header["text"]?.text ?? ""
            if text.isEmpty {
                faults.add(
                    "/components/header/text", "required",
                    "text is required for a header of the format text.")
            }
            let part = Part(text, "/components/header/text", max: Self.headerMax, &faults)
            if part.places.count > 1 {
                faults.add(
                    "/components/header/text", "too_many", "The header may have at most one placeholder.")
            }
            (self.header, media) = (part, nil)
        }
        let given = template.components["buttons"]?.array ?? []
        if given.count > Self.buttonsMax {
            faults.add(
                "/components/buttons", "too_many", "buttons may have at most \(Self.buttonsMax) entries.")
        }
        buttons = given.enumerated().map { Button($1, "/components/buttons/\($0)", &faults) }
        let isAnything = template.components.isNull || template.components.object != nil
        if !isAnything {
            faults.add("/components", "invalid_type", "components must be an object of header and buttons.")
        }
        for (name, _) in template.components.object?.members ?? []
        where !["header", "buttons"].contains(name) {
            faults.add("/components/\(name)", "unknown_field", "components may have header and buttons only.")
        }
        try faults.throwIfAny()
    }

    /// The values that a message has to give, in the form of its `parameters`: the placeholders of each part.
    package var needs: JSON {
        var needs: JSONObject = [:]
        if let header, !header.places.isEmpty { needs["header"] = JSON(header.places) }
        if !body.places.isEmpty { needs["body"] = JSON(body.places) }
        if buttons.contains(where: { $0.link?.places.isEmpty == false }) {
            needs["buttons"] = .array(
                buttons.map { JSON($0.link?.places.first) })
        }
        if let media { needs["file"] = .string(media.rawValue) }
        return .object(needs)
    }
}

extension ApprovedText.Part {
    private static let nameMax = 60

    init(_ text: String, _ pointer: String, max: Int, _ faults: inout Faults) {
        self.text = text
        var places: [String] = []
        if text.count > max {
            faults.add(pointer, "too_long", "\(pointer.pointedMember) may have at most \(max) characters.")
        }
        for name in Self.names(in: text) where !places.contains(name) {
            let isName =
                name.utf8.count <= Self.nameMax && name.utf8.first.map { (0x61...0x7A).contains($0) } == true
                && name.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
                }
            if Int(name) == nil, !isName {
                faults.add(
                    pointer, "invalid_placeholder",
                    "{{\(name.prefix(60))}} is not a placeholder that WhatsApp knows: write {{1}}, {{2}} … or {{a_name}}."
                )
            }
            places.append(name)
        }
        let numbers = places.compactMap { Int($0) }
        if !numbers.isEmpty, numbers.count < places.count {
            faults.add(pointer, "conflict", "The placeholders must be numbered or named, not both.")
        } else if !numbers.isEmpty, numbers.sorted() != Array(1...numbers.count) {
            faults.add(
                pointer, "invalid_placeholder", "The placeholders must be numbered from 1, without a gap.")
        }
        // Values are given in this order.
        self.places = numbers.count == places.count ? numbers.sorted().map(String.init) : places
    }

    private static func names(in text: String) -> [String] {
        var names: [String] = [], rest = Substring(text)
        while let open = rest.firstRange(of: "{{"),
            let close = rest[open.upperBound...].firstRange(of: "}}")
        {
            names.append(String(rest[open.upperBound..<close.lowerBound]).trimmed)
            rest = rest[close.upperBound...]
        }
        return names
    }

    /// The text with values in its places.
    func filled(_ values: [String: String]) -> String {
        var filled = "", rest = Substring(text)
        while let open = rest.firstRange(of: "{{"),
            let close = rest[open.upperBound...].firstRange(of: "}}")
        {
            let name = String(rest[open.upperBound..<close.lowerBound]).trimmed
            filled += rest[..<open.lowerBound] + (values[name] ?? "")
            rest = rest[close.upperBound...]
        }
        return filled + rest
    }
}

extension ApprovedText.Button {
    fileprivate init(_ json: JSON, _ pointer: String, _ faults: inout Faults) {
        text = json["text"]?.text ?? ""
        if text.isEmpty || text.count > ApprovedText.textMax {
            faults.add(
                "\(pointer)/text", "required",
                "The button's text must have from 1 to \(ApprovedText.textMax) characters.")
        }
        kind = (json["type"]?.text).flatMap(Kind.init(rawValue:)) ?? .quickReply
        if json["type"]?.text.flatMap(Kind.init(rawValue:)) == nil {
            faults.add(
                "\(pointer)/type", "invalid_choice",
                "The button's type must be url, quick_reply or phone_number.")
        }
        guard kind == .url else {
            link = nil
            return
        }
        let part = ApprovedText.Part(
            json["url"]?.text ?? "", "\(pointer)/url", max: ApprovedText.urlMax, &faults)
        if part.text.isEmpty {
            faults.add("\(pointer)/url", "required", "url is required for a button of the type url.")
        }
        if part.places.count > 1 || part.places.count == 1 && !part.text.hasSuffix("}}") {
            faults.add("\(pointer)/url", "too_many", "The link may have at most one placeholder, at its end.")
        }
        link = part
    }
}

extension ApprovedText {
    fileprivate static var textMax: Int { buttonTextMax }
    fileprivate static var urlMax: Int { linkMax }
}
