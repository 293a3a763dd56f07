internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes

/// Registers the routes for the views that people keep of lists. Their events say that there was a change, and not what
/// is in a view: it may be somebody's own.
func savedViewRoutes(_ routes: inout Routes, _ lists: KnownLists) {
    routes.declare(SavedView.resource)
    routes.event("view.created", "A view was created.")
    routes.event(
        "view.updated", "A view has changed.",
        [
            "changed": [
                "type": "array", "items": .anyText, "description": "The names of the changed fields.",
            ]
        ])
    routes.event("view.deleted", "A view was deleted.")
    let resource = SavedView.resource
    routes.get(
        "/v1/views", .permission("views:read"), "List your own views of lists, and those that others share",
        query: ParameterDoc.list(resource), .list(resource)
    ) { call in
        .read { reader in
            var list = try ListQuery(resource, call.request.head.query, dialect: reader.dialect)
            let readable = lists.readable(by: call.principal)
            list.add(
                "(owner_id = \(call.actor.id) OR (is_shared = 1 AND resource IN \(list: readable.sorted())))")
            return try list.page(in: reader)
        }
    }
    routes.get("/v1/views/{id}", .permission("views:read"), "Get a view", .record(resource)) { call in
        let id = try call.id("id", of: SavedView.self)
        return .read { reader in .record(try reader.views.seen(id, call, lists)) }
    }
    routes.creation(of: resource, "views:write", "Create a view of a list, under a name") { view, call, tx in
        guard let owner = call.actor.userID else {
            throw Problem(.forbidden, "Only a person has views: sign in as a user.")
        }
        let readable = lists.readable(by: call.principal)
        guard readable.contains(view.list) else {
            throw Problem(faults: [
                Fault(
                    "/resource", "invalid_choice", "resource must name a list that you may read.",
                    choices: readable.sorted())
            ])
        }
        view.ownerID = owner
        if try tx.views.count(of: owner) >= SavedView.perPersonMax {
            throw Problem(
                .conflict,
                "You have \(SavedView.perPersonMax) views, the most there may be: delete one first.")
        }
        try tx.create(&view, by: call.actor)
    }
    routes.patch(
        "/v1/views/{id}", .permission("views:write"), "Update a view of your own, or one that is shared",
        body: .json(.reference("ViewPatch")), .record(resource)
    ) { call in
        let (id, body) = try (call.id("id", of: SavedView.self), call.object())
        return .write { tx in
            let old = try tx.views.changeable(id, call, lists)
            try call.checkVersion(old.version)
            var view = old, faults = Faults()
            _ = SavedView.schema.patch(&view, with: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            try tx.update(old, to: &view, by: call.actor)
            return .record(view)
        }
    }
    routes.delete(
        "/v1/views/{id}", .permission("views:write"), "Delete a view of your own, or one that is shared",
        .empty("The record was deleted.")
    ) { call in
        let id = try call.id("id", of: SavedView.self)
        return .write { tx in
            let view = try tx.views.changeable(id, call, lists)
            try call.checkVersion(view.version)
            try tx.delete(view, by: call.actor)
            return .noContent
        }
    }
}

extension SavedView {
    fileprivate func isOf(_ actor: Actor) -> Bool { ownerID != nil && ownerID == actor.userID }
}

extension SavedViewStore {
    /// A view of the caller's own, or one that is shared, of a list that they may read; of others' there is nothing to
    /// be seen.
    fileprivate func seen(_ id: ID<SavedView>, _ call: Call, _ lists: KnownLists) throws -> SavedView {
        let view = try SavedView.resource.get(id, in: tx)
        let isShown = view.isShared && lists.readable(by: call.principal).contains(view.list)
        guard isShown || view.isOf(call.actor) else { throw Problem(.notFound) }
        return view
    }

    fileprivate func changeable(_ id: ID<SavedView>, _ call: Call, _ lists: KnownLists) throws -> SavedView {
        let view = try seen(id, call, lists)
        let mayManage = call.principal?.permissions.contains("users:write") == true
        guard mayManage || view.isOf(call.actor) else {
            throw Problem(
                .forbidden,
                "The view is somebody else's: ask them, or whoever manages the users.")
        }
        return view
    }
}
