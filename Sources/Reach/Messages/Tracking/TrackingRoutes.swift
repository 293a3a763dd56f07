internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

func trackingRoutes(_ routes: inout Routes, _ outbox: Outbox, _ followings: [any LinkFollowing]) {
    let services = outbox.services, visitors = LinkVisitors()
    routes.get(
        "/t/{token}", .anyone, "Follow a link: count the click, and redirect to its target",
        named: "follow_tracked_link",
        .empty("A redirect to the link's target.")
    ) { call in
        guard let link = services.links.open(.click, call.parameters["token"] ?? "") else {
            throw Problem(.notFound)
        }
        let parts = link.subject.split(separator: "\n", maxSplits: 1).map(String.init)
        let isPerson = call.isPerson(services)
        guard parts.count == 2 else {
            let following = followings.first { link.subject.hasPrefix($0.prefix + "_") }
            guard let following else { throw Problem(.notFound) }
            let visitor = LinkVisitors.Visitor(
                link.tenant, address: "\(call.request.head.remoteAddress)",
                program: call.request.head.header("User-Agent"))
            return .task {
                let (target, moment) = try services.database.read(link.tenant) { reader in
                    (try following.target(of: link.subject, in: reader), reader.now)
                }
                guard let target else { throw Problem(.notFound) }
                let verdict =
                    isPerson
                    ? visitors.follow(link.subject, visitor, at: services.now(), counted: moment)
                    : LinkVisitors.Verdict(isPerson: false, takenBack: [])
                try await services.database.write(link.tenant) { tx in
                    for (subject, moments) in verdict.takenBack {
                        for moment in moments {
                            try following.count(subject, isPerson: true, -1, at: moment, in: tx)
                            try following.count(subject, isPerson: false, 1, at: moment, in: tx)
                        }
                    }
                    try following.count(link.subject, isPerson: verdict.isPerson, 1, at: moment, in: tx)
                }
                return redirect(to: target)
            }
        }
        return .task {
            // Only where the sealed link says: nobody is led elsewhere by a changed one.
            try await services.database.write(link.tenant) { tx in
                try outbox.note(
                    .clicked, ofMessage: MessageID(parts[0]), detail: parts[1], isPerson: isPerson, in: tx)
            }
            return redirect(to: parts[1])
        }
    }
    routes.get(
        "/o/{token}", .anyone, "Get the picture by which the opening of a mail is counted",
        named: "record_message_open",
        .media("image/gif", "The picture.")
    ) { call in
        guard let link = services.links.open(.open, call.parameters["token"] ?? "") else {
            throw Problem(.notFound)
        }
        let isPerson = call.isPerson(services)
        return .task {
            try await services.database.write(link.tenant) { tx in
                try outbox.note(.opened, ofMessage: link.id(), detail: nil, isPerson: isPerson, in: tx)
            }
            return Response(
                status: 200, headers: [("Content-Type", "image/gif")], body: .bytes(transparentPicture))
        }
    }
}

private func redirect(to target: String) -> Response {
    Response(status: 302, headers: [("Location", target), ("Referrer-Policy", "no-referrer")])
}

/// One transparent pixel (GIF89a).
private let transparentPicture: [UInt8] = [
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x21, 0xF9, 4, 1,
    0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B,
]

extension Call {
    /// Returns whether a person's program asks, as far as it says so, from where people are.
    fileprivate func isPerson(_ services: PlatformServices) -> Bool {
        request.head.method == "GET" && !request.head.isHead
            && !LinkScanner.isGateway(request.head.remoteAddress, in: services)
            && !LinkScanner.isLikely(
                userAgent: request.head.header("User-Agent"),
                purpose: request.head.header("Sec-Purpose") ?? request.head.header("Purpose"))
    }
}

extension Outbox {
    fileprivate func note(
        _ kind: DeliveryEvent.Kind, ofMessage id: MessageID?, detail: String?, isPerson: Bool,
        in tx: Transaction
    ) throws {
        var event = DeliveryEvent(kind)
        (event.messageID, event.detail, event.isMachine) = (id, detail, !isPerson)
        try Inbox(self).hear(event, in: tx)
    }
}
