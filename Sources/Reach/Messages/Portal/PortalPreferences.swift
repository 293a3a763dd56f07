internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
package import People
package import Records
internal import Routing
internal import Telemetry
internal import Tenancy

/// Routes for the messages that a client's person wishes to get, and how often.
func portalPreferenceRoutes(_ routes: inout Routes) {
    let channel: JSON = .schema(["marketing": ["type": "boolean"]], required: ["marketing"])
    let names = Channel.allCases.filter { $0 != .portal && !$0.isPublic }.map(\.rawValue)
    let channels: JSON = [
        "type": "object", "additionalProperties": false,
        "properties": .object(names.reduce(into: JSONObject()) { $0.append($1, channel) }),
    ]
    let frequency: JSON = .choice(NotificationPreferences.Frequency.self)
    let notice: JSON = .choice(NotificationPreferences.NoticeChannel.self)
    routes.schema(
        "PortalPreferences",
        .schema(
            [
                "channels": channels, "frequency": frequency, "locale": .textOrNull, "notice_channel": notice,
                "notice_channels": ["type": "array", "items": notice],
            ], required: ["channels", "frequency", "locale", "notice_channel", "notice_channels"]))
    routes.schema(
        "PortalPreferencesPatch",
        [
            "type": "object", "additionalProperties": false,
            "properties": [
                "channels": channels, "frequency": frequency, "locale": .textOrNull, "notice_channel": notice,
            ],
        ])
    let answer = Answer.json(.reference("PortalPreferences"), "Your preferences.")
    routes.get(
        "/v1/portal/preferences",
        .portal(
            "portal:read"), "Get your preferences: what you want to be sent, and where", answer
    ) { call in
        let portal = try call.portal
        return .read { reader in .json(try reader.clientPortal.preferences(portal)) }
    }
    routes.patch(
        "/v1/portal/preferences", .portal("portal:read"),
        "Update your preferences: what you want to be sent, where, how often and in which language",
        body: .json(.reference("PortalPreferencesPatch")), answer
    ) { call in
        let (portal, patch) = (try call.portal, try PreferencePatch(try call.object()))
        let address = call.request.head.remoteAddress.description
        return .write { tx in
            let contact = try tx.clientPortal.contact(portal)
            for (channel, isWanted) in patch.marketing {
                try tx.clientPortal.setMarketing(
                    isWanted, to: contact, on: channel, from: address, by: call.actor)
            }
            if let locale = patch.locale {
                // As it stands by now: a wish above may have changed it.
                let old = try tx.clientPortal.contact(portal)
                var new = old
                new.locale = locale
                try tx.update(old, to: &new, by: call.actor)
            }
            if let channel = patch.noticeChannel,
                try !tx.clientPortal.noticeChannels(of: contact).contains(channel)
            {
                throw Problem(faults: [
                    Fault(
                        "/notice_channel", "not_reachable",
                        "The agency cannot reach you on this channel yet: write to it there first.")
                ])
            }
            if patch.saysWhen {
                let user = try User.resource.get(portal.userID, in: tx)
                var preferences = user.notifications ?? NotificationPreferences()
                preferences.frequency = patch.frequency ?? preferences.frequency
                preferences.noticeChannel = patch.noticeChannel ?? preferences.noticeChannel
                try tx.notifications.set(preferences, of: user, by: call.actor)
            }
            return .json(try tx.clientPortal.preferences(portal))
        }
    }
}

/// `{"channels": {"email": {"marketing": false}}, "frequency": "daily", "locale": "de"}`, every part of it optional.
private struct PreferencePatch: Sendable {
    var marketing: [(Channel, Bool)] = []
    var frequency: NotificationPreferences.Frequency?
    var noticeChannel: NotificationPreferences.NoticeChannel?
    /// Nothing said; or a language, or `nil`: none of their own.
    var locale: String??

    var saysWhen: Bool { frequency != nil || noticeChannel != nil }

    init(_ body: JSONObject) throws(Problem) {
        var faults = Faults()
        for (name, value) in body.members {
            switch name {
            case "channels":
                guard let channels = value.object else {
                    faults.add("/channels", "wrong_type", "\(name.prefix(64)) must be an object.")
                    continue
                }
                read(channels, &faults)
            case "frequency":
                frequency = Self.choice(value, name, &faults)
            case "notice_channel":
                noticeChannel = Self.choice(value, name, &faults)
            case "locale": readLocale(value, &faults)
            default:
                faults.add(
                    "/\(name.pointerToken)", "unknown_field", "The field \(name.prefix(64)) is not known.")
            }
        }
        try faults.throwIfAny()
    }

    private static func choice<Kind: Choice>(_ value: JSON, _ name: String, _ faults: inout Faults) -> Kind? {
        let chosen = value.text.flatMap { Kind(rawValue: $0) }
        if chosen == nil {
            faults.add(
                "/\(name)", "invalid_choice",
                "\(name) must be one of \(Kind.choices.joined(separator: ", ")).", choices: Kind.choices)
        }
        return chosen
    }

    private mutating func readLocale(_ value: JSON, _ faults: inout Faults) {
        if value == .null {
            locale = .some(nil)
        } else if let tag = value.text.flatMap({ LocaleTag($0) }) {
            locale = tag.description
        } else {
            faults.add("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
        }
    }

    private mutating func read(_ channels: JSONObject, _ faults: inout Faults) {
        for (name, value) in channels.members {
            let place = "/channels/\(name.pointerToken)"
            guard let channel = Channel(rawValue: name), channel != .portal else {
                faults.add(place, "unknown_field", "The channel \(name.prefix(64)) does not exist.")
                continue
            }
            guard let wishes = value.object else {
                faults.add(place, "wrong_type", "\(name.prefix(64)) must be an object.")
                continue
            }
            for (wish, value) in wishes.members {
                guard wish == "marketing" else {
                    faults.add(
                        "\(place)/\(wish.pointerToken)", "unknown_field",
                        "The field \(wish.prefix(64)) is not known: name a field of preferences.")
                    continue
                }
                if case .bool(let isWanted) = value {
                    marketing.append((channel, isWanted))
                } else {
                    faults.add("\(place)/marketing", "wrong_type", "marketing must be true or false.")
                }
            }
        }
    }
}

extension ClientPortalStore {
    /// The contact that a client's person is.
    package func contact(_ portal: PortalCall) throws -> Contact {
        guard let id = portal.contactID,
            let contact = try Contact.resource.find(id, in: tx)
        else {
            throw Problem(.conflict, "You are not a contact of the agency yet: ask it to invite you again.")
        }
        return contact
    }

    /// Where a client's person may be told of what waits: by mail, and where they have written to the agency.
    func noticeChannels(of contact: Contact) throws -> [NotificationPreferences.NoticeChannel] {
        let connected = try Set(tx.integrations.all(for: .chat, client: contact.clientID).map(\.provider))
        return try NotificationPreferences.NoticeChannel.allCases.filter { choice in
            let channel = Channel(choice)
            guard channel != .email else { return true }
            return try connected.contains(channel.rawValue)
                && tx.identities.find(of: contact.id, on: channel) != nil
        }
    }

    fileprivate func preferences(_ portal: PortalCall) throws -> JSON {
        var channels = JSONObject()
        let contact = try portal.contactID.flatMap {
            try Contact.resource.find($0, in: tx)
        }
        for channel in Channel.allCases where channel != .portal && !channel.isPublic {
            let said = try contact.flatMap { try tx.consents.find(of: $0.id, channel, for: .marketing) }
            guard channel == .email || said != nil || contact?.address(on: channel) != nil else { continue }
            let isLeftAlone = try contact.map { contact -> Bool in
                guard contact.address(on: channel) != nil else { return said?.status != .granted }
                return try tx.consents.isLeftAlone(contact, on: channel)
            }
            channels.append(channel.rawValue, ["marketing": .bool(isLeftAlone == false)])
        }
        let user = try User.resource.find(portal.userID, in: tx)
        let wishes = user?.notifications ?? NotificationPreferences()
        let places = try contact.map { try noticeChannels(of: $0) } ?? [.email]
        return [
            "channels": .object(channels), "frequency": .string(wishes.frequency.rawValue),
            "locale": JSON(contact?.locale), "notice_channel": .string(wishes.noticeChannel.rawValue),
            "notice_channels": JSON(places.map(\.rawValue)),
        ]
    }
}

extension Channel {
    init(_ choice: NotificationPreferences.NoticeChannel) {
        self =
            switch choice {
            case .email: .email
            case .whatsapp: .whatsapp
            case .telegram: .telegram
            }
    }
}

extension ClientPortalStore where Base == Transaction {
    fileprivate func setMarketing(
        _ isWanted: Bool, to contact: Contact, on channel: Channel, from address: String, by actor: Actor
    ) throws {
        var consent = Consent.new(id: tx.nextID(), now: tx.now)
        (consent.contactID, consent.channel, consent.purpose) = (contact.id, channel, .marketing)
        (consent.status, consent.basis) = (isWanted ? .granted : .withdrawn, .consent)
        (consent.source, consent.evidence) = ("portal", "Signed in as \(actor.id), from \(address).")
        (consent.givenAt, consent.clientID) = (tx.now, contact.clientID)
        try tx.create(&consent, by: actor)
        if isWanted, contact.doNotContact {
            var open = contact
            open.doNotContact = false
            try tx.update(contact, to: &open, by: actor)
        }
        guard !isWanted, let place = contact.address(on: channel) else { return }
        if try tx.consents.suppress(place, channel, .unsubscribe, note: "In the portal.", by: actor) {
            try tx.publish(
                "contact.unsubscribed", Subject(contact.id),
                ["channel": .string(channel.rawValue), "message_id": .null])
        }
    }
}
