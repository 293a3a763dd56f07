internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes

func roleRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    routes.standard(
        Role.resource, read: "roles:read", write: "roles:write", create: false, patch: false, delete: false)
    routes.delete(
        "/v1/roles/{id}", .permission("roles:write"), "Delete a role of permissions that you hold yourself",
        .empty("The record was deleted.")
    ) { call in
        let id = try call.id("id", of: Role.self)
        return .write { tx in
            let role = try Role.resource.get(id, in: tx)
            try call.checkVersion(role.version)
            try call.requireHeld(role.permissions, of: services.permissions)
            try tx.delete(role, by: call.actor)
            return .noContent
        }
    }
    routes.post(
        "/v1/roles", .permission("roles:write"), "Create a role of permissions that you hold yourself",
        body: .json(.reference("RoleCreate")), .record(Role.resource, status: 201)
    ) { call in
        var draft = Role(), faults = Faults()
        Role.schema.create(&draft, from: try call.object(), faults: &faults)
        try faults.throwIfAny()
        try call.requireHeld(draft.permissions, of: services.permissions)
        return .write { [draft] tx in
            var role = draft
            role.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&role, by: call.actor)
            return .record(role, status: 201, location: "/v1/roles/\(role.id)")
        }
    }
    routes.patch(
        "/v1/roles/{id}", .permission("roles:write"),
        "Update a role by permissions that you hold yourself",
        body: .json(.reference("RolePatch")), .record(Role.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Role.self), call.object())
        return .write { tx in
            let old = try Role.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var new = old, faults = Faults()
            _ = Role.schema.patch(&new, with: body, faults: &faults)
            try faults.throwIfAny()
            let changed = Set(new.permissions).symmetricDifference(old.permissions)
            try call.requireHeld(changed.sorted(), of: services.permissions)
            try tx.update(old, to: &new, by: call.actor)
            return .record(new)
        }
    }
}
