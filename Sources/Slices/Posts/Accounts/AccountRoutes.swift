internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Tenancy

/// `/v1/social-networks` and `/v1/social-accounts`: what each network takes, and the accounts there.
func socialAccountRoutes(_ routes: inout Routes) {
    routes.schema("SocialNetworkRules", NetworkRules.schema)
    routes.get(
        "/v1/social-networks", .permission("social_accounts:read"),
        "List social networks, with what each takes: lengths, formats, pictures and films",
        query: ParameterDoc.page, .list(of: .reference("SocialNetworkRules"))
    ) { call in
        let window = try call.window()
        return .response(window.page(of: SocialNetwork.allCases.map(\.rules.json)))
    }
    routes.standard(
        SocialAccount.resource, read: "social_accounts:read", write: "social_accounts:write")
    routes.event(
        "social_account.needs_reconnect", "A network does not know an account of the agency any more.")
    routes.schema("BestTimes", BestTimes.schema)
    routes.get(
        "/v1/social-accounts/{id}/best-times", .permission("social_accounts:read"),
        "Get the hours of the week at which posts of an account do best, and what that is known from",
        .json(.reference("BestTimes"))
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: SocialAccount.self)
        return .read { reader in
            let account = try SocialAccount.resource.get(id, in: reader)
            return .json(try reader.socialAccounts.bestTimes(of: account).json)
        }
    }
}
