internal import Agents
internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes

func userRoutes(_ routes: inout Routes, _ accounts: Accounts) {
    let services = accounts.services
    routes.standard(
        User.resource, read: "users:read", write: "users:write", create: false, patch: false, delete: false)
    roleRoutes(&routes, services)
    routes.schema("UserWithPassword", withPassword)

    routes.post(
        "/v1/users",
        .permission(
            "users:write"), "Create a user with a password; an invitation lets them choose it",
        body: .json(.reference("UserWithPassword")), .record(User.resource, status: 201)
    ) { call in
        var body = try call.object()
        let password = body["password"]
        body["password"] = nil
        var user = User(), faults = Faults()
        User.schema.create(&user, from: body, faults: &faults)
        if let password = password?.text {
            accounts.checkPassword(password, personal: [user.email, user.name], &faults)
        } else {
            faults.add(
                "/password", password == nil ? "required" : "wrong_type",
                "password is required: send one of at least 12 characters.")
        }
        try faults.throwIfAny()
        let fields = body
        return .task {
            let hash = try await services.hash(password?.text ?? "")
            return try await call.commit { tx in
                var user = User.new(id: tx.nextID(), now: tx.now), faults = Faults()
                User.schema.create(&user, from: fields, faults: &faults)
                try faults.throwIfAny(in: tx)
                try services.portal.requireClient(user.clientID, in: tx)
                try requireRole(user.role, grantedBy: call.principal, in: tx)
                user.passwordHash = hash
                if try tx.users.find(email: user.email) != nil {
                    throw Problem(
                        .alreadyExists,
                        "A user of the agency already has this address: change that user, or use another address."
                    )
                }
                try services.portal.settle(&user, in: tx)
                try tx.create(&user, by: call.actor)
                return .record(user, status: 201, location: "/v1/users/\(user.id)")
            }
        }
    }
    routes.delete(
        "/v1/users/{id}",
        .permission(
            "users:write"), "Delete a user", .empty("The record was deleted.")
    ) { call in
        let id = try call.id("id", of: User.self)
        return .write { tx in
            let user = try User.resource.get(id, in: tx)
            try call.checkVersion(user.version)
            try requireRole(user.role, grantedBy: call.principal, in: tx)
            try tx.delete(user, by: call.actor)
            return .noContent
        }
    }
    routes.patch(
        "/v1/users/{id}", .permission("users:write"), "Update a user", body: .json(.reference("UserPatch")),
        .record(User.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: User.self), call.object())
        return .write { tx in
            let old = try User.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var new = old, faults = Faults()
            _ = User.schema.patch(&new, with: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            // Taking a role away needs the same right as giving it.
            for role in Set([old.role, new.role]) { try requireRole(role, grantedBy: call.principal, in: tx) }
            try tx.update(old, to: &new, by: call.actor)
            return .record(new)
        }
    }
}

private var withPassword: JSON {
    var schema = User.schema.jsonSchema(.create).object ?? [:]
    var properties = schema["properties"]?.object ?? [:]
    properties.append(
        "password", ["type": "string", "format": "password", "minLength": 12, "maxLength": 1024])
    schema["properties"] = .object(properties)
    schema["required"] = ["name", "email", "role", "password"]
    return .object(schema)
}
