internal import Database
internal import JSON
internal import Records

/// The choices that somebody has made for each kind.
extension NotificationPreferences {
    /// Returns whether something so urgent of a kind is for them at all.
    func wants(_ kind: String, _ urgency: Notification.Urgency) -> Bool {
        lists(kind) || !channels(kind, urgency).isEmpty || kinds[kind] == nil
    }

    /// Returns whether it stands in the console's list.
    func lists(_ kind: String) -> Bool { choice(.console, of: kind) ?? console }

    /// The ways beside the console on which something so urgent goes.
    func channels(_ kind: String, _ urgency: Notification.Urgency) -> [NotificationChannel] {
        func isWanted(_ channel: NotificationChannel, _ when: When) -> Bool {
            choice(channel, of: kind) ?? (when == .always || when == .urgent && urgency == .high)
        }
        return (isWanted(.mail, mail) ? [.mail] : [])
            + (webhookURL != nil && isWanted(.webhook, webhook) ? [.webhook] : [])
    }

    private func choice(_ channel: NotificationChannel, of kind: String) -> Bool? {
        guard case .bool(let choice) = kinds[kind]?[channel.rawValue] else { return nil }
        return choice
    }

    /// The faults of what is no choice; whether there are such kinds is known where they are declared.
    var kindFaults: [Fault] {
        guard let chosen = kinds.object else {
            return kinds.isNull ? [] : [Fault("/kinds", "wrong_type", "kinds must be an object.")]
        }
        return chosen.members.flatMap { kind, choices -> [Fault] in
            let pointer = "/kinds/\(kind.pointerToken)"
            guard let choices = choices.object else {
                return [
                    Fault(
                        pointer, "wrong_type",
                        "\(kind.prefix(64)) must be an object of channels, such as {\"mail\": true}.")
                ]
            }
            return choices.members.compactMap { channel, choice in
                let pointer = "\(pointer)/\(channel.pointerToken)"
                guard NotificationChannel(rawValue: channel) != nil else {
                    return Fault(
                        pointer, "unknown_field",
                        "\(channel.prefix(64)) is not a channel: name console, mail or webhook.")
                }
                switch choice {
                case .bool, .null: return nil
                default: return Fault(pointer, "wrong_type", "\(channel) must be true, false or null.")
                }
            }
        }
    }

    /// The faults of kinds that nobody declares.
    func unknownKinds(_ known: [NotificationKind]) -> [Fault] {
        (kinds.object?.keys ?? []).filter { kind in !known.contains { $0.name == kind } }.map { kind in
            Fault(
                "/kinds/\(kind.pointerToken)", "unknown_field",
                "\(kind.prefix(64)) is not a kind of notifications: GET /v1/notifications/kinds lists them.")
        }
    }
}

let kindsSchema: JSON = [
    "type": "object",
    "additionalProperties": [
        "type": "object", "additionalProperties": false,
        "properties": [
            "console": [
                "type": ["boolean", "null"], "description": "Whether it stands in the console's list.",
            ],
            "mail": ["type": ["boolean", "null"], "description": "Whether it is also sent by mail."],
            "webhook": ["type": ["boolean", "null"], "description": "Whether it is also sent to the chat."],
        ],
    ],
]
