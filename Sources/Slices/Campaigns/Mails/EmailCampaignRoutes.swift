internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// The body of `POST /v1/email-campaigns/{id}/schedule`.
private struct ScheduleBody: Declared {
    var sendAt: Instant?

    static let schema = Schema<ScheduleBody>(
        "EmailCampaignScheduling",
        [
            .instant(
                "send_at", \.sendAt,
                .about("When the first of it leaves; left out: at the campaign's own time, or at once."))
        ])
}

/// `/v1/email-campaigns`: one mail to the people of a segment, each at most once.
func emailCampaignRoutes(_ routes: inout Routes, _ outbox: Outbox, _ dependencies: MailingDependencies) {
    let resource = EmailCampaign.resource
    routes.standard(resource, read: "email_campaigns:read", write: "email_campaigns:write")
    routes.declare(ScheduleBody.self)
    routes.schema("ExcludedPeople", ExcludedPeople.schema.jsonSchema(.whole))
    routes.schema("MailPreview", MailPreview.schema)
    routes.schema("EmailCampaignResults", EmailCampaignResults.schema)
    let name: JSONObject = ["name": ["type": "string", "description": "The name, for colleagues."]]
    routes.event("email_campaign.scheduled", "An email campaign was scheduled.", name)
    routes.event("email_campaign.started", "The recipients of an email campaign are being frozen.", name)
    routes.event("email_campaign.paused", "An email campaign was paused.", name)
    routes.event("email_campaign.resumed", "An email campaign goes on.", name)
    routes.event("email_campaign.cancelled", "An email campaign was cancelled.", name)
    routes.event(
        "email_campaign.sent", "All of an email campaign has left.",
        ["planned": ["type": "integer", "description": "How many were to get it, or were held out."]])
    routes.event(
        "email_campaign.ratio_mismatch",
        "The groups of an email campaign differ in size by more than chance: no variant is better for sure.",
        ["campaign_id": .textOrNull])
    routes.post(
        "/v1/email-campaigns/{id}/preview", .permission("email_campaigns:read"),
        "Preview an email campaign: count who would get it, and who not and why; nothing is stored",
        .json(.reference("MailPreview"), "How many there are.")
    ) { call in
        let id = try call.id("id", of: EmailCampaign.self)
        return .read { reader in
            let recipients = MailRecipients(
                campaign: try resource.get(id, in: reader), dependencies: dependencies,
                messaging: outbox.dependencies)
            return .json(try MailPreview(recipients, in: reader).json)
        }
    }
    routes.get(
        "/v1/email-campaigns/{id}/results", .permission("email_campaigns:read"),
        "Get the metrics of an email campaign and its variants", .json(.reference("EmailCampaignResults"))
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: EmailCampaign.self)
        return .read { reader in
            .json(try EmailCampaignResults(of: try resource.get(id, in: reader), in: reader).json)
        }
    }
    turnRoutes(&routes)
}

private func turnRoutes(_ routes: inout Routes) {
    let resource = EmailCampaign.resource, write: Access = .permission("email_campaigns:write")
    routes.post(
        "/v1/email-campaigns/{id}/schedule", .permission("email_campaigns:send"),
        "Start an email campaign at its time, or at once: its people are frozen, and each gets it once",
        body: .json(.reference("EmailCampaignScheduling"), isOptional: true), .record(resource)
    ) { call in
        let id = try call.id("id", of: EmailCampaign.self)
        let body = try call.request.bytes.isEmpty ? ScheduleBody() : call.body(ScheduleBody.self)
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            return .record(
                try tx.emailCampaigns.schedule(old, at: body.sendAt ?? old.sendAt, by: call.actor))
        }
    }
    routes.post(
        "/v1/email-campaigns/{id}/pause", write,
        "Pause an email campaign: nothing of it leaves until it is resumed", .record(resource)
    ) { call in
        let id = try call.id("id", of: EmailCampaign.self)
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            return .record(try tx.emailCampaigns.pause(old, by: call.actor))
        }
    }
    routes.post(
        "/v1/email-campaigns/{id}/resume", .permission("email_campaigns:send"),
        "Resume an email campaign that is paused", .record(resource)
    ) { call in
        let id = try call.id("id", of: EmailCampaign.self)
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            return .record(try tx.emailCampaigns.resume(old, by: call.actor))
        }
    }
    routes.post(
        "/v1/email-campaigns/{id}/cancel", write,
        "Cancel an email campaign: what has not left stays here", .record(resource)
    ) { call in
        let id = try call.id("id", of: EmailCampaign.self)
        return .write { tx in
            let old = try resource.get(id, in: tx)
            try call.checkVersion(old.version)
            return .record(try tx.emailCampaigns.cancel(old, by: call.actor))
        }
    }
}

extension MailPreview {
    var json: JSON {
        [
            "members": JSON(members), "sendable": JSON(sendable), "excluded": excluded.json,
            "left_out": .array(
                leftOut.map { ["code": .string($0.code), "contact_id": JSON($0.contact)] }),
        ]
    }

    static let schema = JSON.schema(
        [
            "members": ["type": "integer", "description": "How many members the segment has."],
            "sendable": ["type": "integer", "description": "How many of them would get the mail."],
            "excluded": [
                "type": "array", "items": .reference("ExcludedPeople"),
                "description": "How many would not, by the reason's code.",
            ],
            "left_out": [
                "type": "array",
                "items": .schema(
                    ["code": .anyText, "contact_id": .anyText], required: ["code", "contact_id"]),
                "description": "The first of those who would not: ten for each reason at most.",
            ],
        ], required: ["members", "sendable", "excluded", "left_out"])
}

extension EmailCampaignResults {
    private static let variant = JSON.schema(
        [
            "name": ["type": "string", "description": "The variant; plain where there are none."],
            "assigned": ["type": "integer", "description": "How many were drawn for it."],
            "sent": ["type": "integer", "description": "How many mails of it have left."],
            "clicked": ["type": "integer", "description": "How many people followed a link of it."],
            "machine_clicked": [
                "type": "integer",
                "description": "Of how many a program has followed a link, which counts for nothing else.",
            ],
            "replied": ["type": "integer", "description": "How many answered."],
            "rate": [
                "type": "number", "description": "The share of those it was sent to who reached the goal.",
            ],
            "difference": [
                "type": ["number", "null"], "description": "The rate's distance from the first variant's.",
            ],
            "interval": [
                "type": ["array", "null"], "items": ["type": "number"],
                "description": "The bounds of the difference, which hold whenever one looks.",
            ],
            "p_value": [
                "type": ["number", "null"],
                "description": "The chance of such a difference, which holds whenever one looks.",
            ],
            "significant": [
                "type": "boolean",
                "description":
                    "Whether it differs from the first by more than chance; never with a mismatch.",
            ],
        ],
        required: [
            "name", "assigned", "sent", "clicked", "machine_clicked", "replied", "rate", "difference",
            "interval", "p_value",
            "significant",
        ])

    static let schema = JSON.schema(
        [
            "email_campaign_id": ["type": "string", "description": "The campaign."],
            "status": .choice(EmailCampaign.Status.self), "goal": .choice(EmailCampaign.Goal.self),
            "members": ["type": "integer", "description": "How many members of the segment were looked at."],
            "excluded": [
                "type": "array", "items": .reference("ExcludedPeople"),
                "description": "How many do not get it, by the reason's code.",
            ],
            "holdout": JSON.schema(
                [
                    "people": ["type": "integer", "description": "How many get none, by chance."],
                    "share": ["type": "number", "description": "The share that was to get none."],
                ], required: ["people", "share"]
            ).merging(["description": "The people who are left out for comparison."]),
            "sent": ["type": "integer", "description": "How many mails have left."],
            "variants": ["type": "array", "items": variant, "description": "Each variant's figures."],
            "winner": [
                "type": ["string", "null"],
                "description": "The variant that is better by more than chance; null while that is not sure.",
            ],
            "method": ["type": "string", "description": "How differences are told from chance."],
            "ratio_mismatch": [
                "type": "boolean",
                "description": "Whether the variants' groups differ in size by more than chance.",
            ],
        ],
        required: [
            "email_campaign_id", "status", "goal", "members", "excluded", "holdout", "sent", "variants",
            "winner", "method", "ratio_mismatch",
        ])
}
