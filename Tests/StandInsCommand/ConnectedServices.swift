import JSON
import StandIns

/// The services whose records Bureau keeps in step with its own, with a few records to begin with.
struct ConnectedServices {
    let hubspot: HubSpotStandIn, salesforce: SalesforceStandIn, pipedrive: PipedriveStandIn
    let apideck: ApideckStandIn
    let asana: AsanaStandIn, trello: TrelloStandIn, jira: JiraStandIn
    let sheets: SheetsStandIn, segment: SegmentStandIn
    let blog: WordPressStandIn

    init() throws {
        (hubspot, salesforce, pipedrive) = (
            try HubSpotStandIn(), try SalesforceStandIn(), try PipedriveStandIn()
        )
        apideck = try ApideckStandIn()
        (asana, trello, jira) = (try AsanaStandIn(), try TrelloStandIn(), try JiraStandIn())
        (sheets, segment, blog) = (try SheetsStandIn(), try SegmentStandIn(), try WordPressStandIn())
        for number in 1...3 {
            let email = JSON.string("ana\(number)@acme.example")
            hubspot.contacts.add(["email": email, "firstname": "Ana", "lastname": "López", "company": "Acme"])
            salesforce.leads.add(["Email": email, "LastName": "López", "Company": "Acme"])
            pipedrive.persons.add(["name": "Ana López", "emails": [["value": email, "primary": true]]])
            apideck.contacts.add(["name": "Ana López", "company_name": "Acme", "emails": [["email": email]]])
            jira.issues.add(["summary": .string("Issue \(number)")])
            asana.tasks.add(["name": .string("Task \(number)")])
            trello.cards.add(["name": .string("Card \(number)")])
        }
        sheets.fill("Leads", [["Company", "Email"], ["Acme", "ana@acme.example"]])
    }

    var all: [Service] {
        func text(_ text: String) -> JSON { .string(text) }
        func service(
            _ provider: String, _ capability: String, _ web: ServiceStandIn, _ credentials: JSONObject,
            _ settings: JSONObject = [:]
        ) -> Service {
            var settings = settings
            settings["base_url"] = text(web.url)
            return Service(
                provider: provider, capability: capability, settings: settings, credentials: credentials,
                standIn: web)
        }
        return [
            service("wordpress", "blog_publishing", blog.service, blog.credentials.object ?? [:]),
            service(
                "hubspot", "crm", hubspot.service,
                ["access_token": text(hubspot.token), "client_secret": text(hubspot.clientSecret)]),
            service("pipedrive", "crm", pipedrive.service, ["api_token": text(pipedrive.token)]),
            service(
                "apideck", "crm", apideck.service,
                ["api_key": text(apideck.apiKey), "app_id": text(apideck.appID)]),
            service(
                "asana", "projects", asana.service, ["access_token": text(asana.token)],
                ["workspace": text(asana.workspace), "project": text(asana.project)]),
            service(
                "trello", "projects", trello.service,
                ["key": text(trello.key), "token": text(trello.token), "secret": text(trello.secret)],
                ["board": text(trello.board), "list": text(trello.list)]),
            service(
                "jira", "projects", jira.service,
                ["email": text(jira.email), "api_token": text(jira.token)], ["project": text(jira.project)]),
            service(
                "google_sheets", "spreadsheets", sheets.service, ["access_token": text(sheets.token)],
                ["spreadsheet": text(sheets.spreadsheet)]),
            service("segment", "analytics", segment.service, ["write_key": text(segment.writeKey)]),
            service(
                "salesforce", "crm", salesforce.service,
                [
                    "consumer_key": "3MVG9bureau", "username": "sync@acme.example",
                    "private_key": text(SalesforceStandIn.key),
                ], ["token_url": text(salesforce.service.url + "/services/oauth2/token")]),
        ]
    }
}
