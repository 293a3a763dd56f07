internal import Agents
internal import Database
internal import Integrations
package import JSON
internal import Jobs
package import Nouns
package import Records
package import Telemetry

/// A form of the agency's at a network, on which people leave their details: one row of `lead_forms`.
package struct LeadForm: ManagedRecord {
    package var head = Head<LeadForm>()
    package var integrationID = IntegrationID.unset
    package var clientID: ClientID?
    package var network = ""
    package var remoteID = ""
    package var name = ""

    package init() {}

    package static let idPrefix = "lform", noun = "lead_form"
    package static let resource = Resource<LeadForm>(
        "lead_forms", named: "LeadForm",
        console: ConsoleForm(title: "name", columns: ["network", "name"], filters: ["network"]),
        [
            .id(
                "integration_id", \.integrationID, .readOnly, .filterable,
                .about("The integration through which it was read.")),
            .id("client_id", \.clientID, .readOnly, .filterable, .about("The client it is for.")),
            .text(
                "network", \.network, max: 80, .readOnly, .filterable,
                .about("The network on which the form stands."), .example("linkedin")),
            .text("remote_id", \.remoteID, max: 120, .readOnly, .filterable, .about("Its id there.")),
            .text(
                "name", \.name, max: 300, .readOnly, .sortable, .about("The name of the form there."),
                .example("Guide to retail")),
        ])
}

/// Somebody's answers on a form at a network: one row of `lead_form_responses`, once, however often and in
/// whatever way the network tells of it.
package struct LeadFormResponse: ManagedRecord {
    package enum Outcome: String, Choice {
        /// A lead was made of it.
        case created
        /// The person was known: what was missing of the lead was filled in.
        case known
        /// It was made to try the form out.
        case test
        case refused
        /// The person has taken it back at the network.
        case withdrawn
    }

    package enum Way: String, Choice { case hook, reading }

    package var head = Head<LeadFormResponse>()
    package var formID = ID<LeadForm>.unset
    package var integrationID = IntegrationID.unset
    package var clientID: ClientID?
    package var leadID: LeadID?
    package var network = ""
    package var remoteID = ""
    package var outcome = Outcome.created
    package var reason: String?
    package var way = Way.reading
    package var kind: String?
    package var submittedAt = Instant(seconds: 0)
    package var remoteCampaign: String?
    package var campaignName: String?
    package var campaignID: CampaignID?
    package var remotePost: String?
    package var socialPostID: SocialPostID?
    package var answers = JSON.null
    package var hiddenFields = JSON.null
    package var consents = JSON.null

    package init() {}

    package static let idPrefix = "lfr", noun = "lead_form_response"
    package static let resource = Resource<LeadFormResponse>(
        "lead_form_responses", named: "LeadFormResponse",
        console: ConsoleForm(
            columns: ["form_id", "lead_id", "outcome", "campaign_name", "submitted_at"],
            filters: ["network", "outcome"]), origin + placing + said)

    private static let origin: [Field<LeadFormResponse>] = [
        .id("form_id", \.formID, .readOnly, .filterable, .about("The form that was filled in.")),
        .id(
            "integration_id", \.integrationID, .readOnly, .filterable,
            .about("The integration through which it came.")),
        .id("client_id", \.clientID, .readOnly, .filterable, .about("The client it is for.")),
        .id(
            "lead_id", \.leadID, .readOnly, .filterable,
            .about("The lead that it has made, or that it was known as.")),
        .text(
            "network", \.network, max: 80, .readOnly, .filterable,
            .about("The network on which the form stands."), .example("linkedin")),
        .text(
            "remote_id", \.remoteID, max: 200, .readOnly, .filterable,
            .about("Its id there, by which it is known when it comes again.")),
        .choice("outcome", \.outcome, .readOnly, .filterable, .about("The outcome of the response.")),
        .text("reason", \.reason, max: 200, .readOnly, .about("Why no lead was made of it.")),
        .choice(
            "way", \.way, .readOnly, .filterable,
            .about("Whether the network has told it by itself, or was asked.")),
    ]

    private static let placing: [Field<LeadFormResponse>] = [
        .text(
            "kind", \.kind, max: 80, .readOnly, .filterable,
            .about("Where the form was shown, in the network's words."), .example("SPONSORED")),
        .instant(
            "submitted_at", \.submittedAt, .readOnly, .filterable, .sortable, .about("When it was sent off.")),
        .text(
            "remote_campaign", \.remoteCampaign, max: 200, .readOnly, .filterable,
            .about("The campaign there whose advertisement has shown it.")),
        .text(
            "campaign_name", \.campaignName, max: 400, .readOnly,
            .about("The name of that campaign there.")
        ),
        .id(
            "campaign_id", \.campaignID, .readOnly, .filterable,
            .about("The campaign of the agency that the one there is part of.")),
        .text(
            "remote_post", \.remotePost, max: 200, .readOnly, .filterable,
            .about("The post there below which it was filled in.")),
        .id(
            "social_post_id", \.socialPostID, .readOnly, .filterable,
            .about("That post, where it was published from here.")),
    ]

    private static let said: [Field<LeadFormResponse>] = [
        .document(
            "answers", \.answers, schema: list(["question", "field", "value"]), .readOnly, .personal,
            .about("The answers in the order of the form, with the field that each fills.")),
        .document(
            "hidden_fields", \.hiddenFields, schema: list(["name", "value"]), .readOnly, .erased,
            .about("The hidden field's value, which the form does not show.")),
        .document(
            "consents", \.consents, schema: list(["text", "accepted"]), .readOnly,
            .about("The boxes below the form with their words, and whether they were ticked.")),
    ]

    private static func list(_ members: [String]) -> JSON {
        let properties = members.map { name -> (String, JSON) in
            (name, name == "accepted" ? ["type": "boolean"] : ["type": ["string", "null"]])
        }
        return [
            "type": ["array", "null"],
            "items": ["type": "object", "properties": .object(JSONObject(properties))],
        ]
    }
}

/// Forms of networks, and what was filled in there: `tx.leadForms`.
struct LeadFormStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var leadForms: LeadFormStore<Self> { LeadFormStore(tx: self) }
}

extension LeadFormStore {
    func response(_ remote: String, on network: String) throws -> LeadFormResponse? {
        try LeadFormResponse.resource.first(
            where: "network = \(network) AND remote_id = \(remote)", suffix: "LIMIT 1", in: tx)
    }
}

/// Makes the tables of forms at networks.
let leadFormMigration = Migration(number: 1325, name: "lead forms of networks, and what people fill in there")
{
    dialect in
    LeadForm.resource.creation(dialect) + LeadFormResponse.resource.creation(dialect) + [
        "CREATE UNIQUE INDEX lead_forms_remote ON lead_forms (tenant_id, network, remote_id)",
        """
        CREATE UNIQUE INDEX lead_form_responses_remote
            ON lead_form_responses (tenant_id, network, remote_id)
        """,
        "CREATE INDEX lead_form_responses_lead ON lead_form_responses (tenant_id, lead_id)",
        """
        CREATE INDEX lead_form_responses_submitted
            ON lead_form_responses (tenant_id, submitted_at, id)
        """,
        """
        CREATE TABLE lead_form_places (
            tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, read_until INTEGER, place TEXT,
            place_until INTEGER, told_at INTEGER, failures INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant_id, integration_id)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}

let leadFormSandboxTables: [SandboxTable] = [
    .left("lead_forms", because: "they belong to integrations, which are left behind"),
    .left("lead_form_responses", because: "they came through integrations, which are left behind"),
    .left("lead_form_places", because: "they belong to integrations, which are left behind"),
]
