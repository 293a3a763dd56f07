internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Social
internal import Tenancy
internal import Transfer

/// The sounds and effects that people keep, beside their resource: files of them, and those that a film may stand with.
func soundRoutes(_ routes: inout Routes, uploads: String) {
    routes.transfer(Sound.transfer, folder: uploads)
    routes.get(
        "/v1/social-posts/{id}/sounds", .permission("sounds:read"),
        "List the sounds and effects that a post may have on its day",
        query: ParameterDoc.list(Sound.resource), .list(Sound.resource)
    ) { call in
        let id = try call.id("id", of: SocialPost.self)
        return .read { reader in
            let post = try SocialPost.resource.get(id, in: reader)
            let account = try SocialAccount.resource.get(post.accountID, in: reader)
            let day = try account.zone(in: reader).local(of: post.scheduledAt ?? reader.now).date
            var list = try ListQuery(Sound.resource, call.request.head.query, dialect: reader.dialect)
            list.add(
                """
                network = \(account.network.rawValue) AND (valid_until IS NULL OR valid_until >= \(day.iso))
                """)
            return try list.page(in: reader)
        }
    }
}
