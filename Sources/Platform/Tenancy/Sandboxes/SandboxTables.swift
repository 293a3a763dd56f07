internal import Database
internal import Jobs

let tenancySandboxTables: [SandboxTable] = [
    .left("tenants", because: "the sandbox's own row is made anew"),
    .copied(User.resource, changing: ["password_hash": .null, "notifications": .null]),
    .copied(Role.resource),
    .copied(OwnWording.resource),
    .copied(SavedView.resource),
    .left("sessions", because: "nobody is signed in to a sandbox"),
    .left("refresh_tokens", because: "nobody is signed in to a sandbox"),
    .left("password_resets", because: "they open accounts of the live tenant"),
    .left("api_keys", because: "their secrets open the live tenant"),
    .left("invitations", because: "they open the live tenant"),
    .left("idempotency", because: "answers were given to the live tenant's callers"),
    .left("data_keys", because: "a sandbox seals with a key of its own"),
    .left("signing_keys", because: "they are the platform's"),
    .left("sandboxes", because: "a sandbox has none"),
    .left("webhooks", because: "they are the live tenant's systems"),
    .left("webhook_deliveries", because: "they were the live tenant's"),
    .copied(StoredFile.resource),
    .copied("file_contents"),
    .left("client_activity", because: "it is the chain of what was done outside"),
    .left("notifications", because: "they told people of what happened outside"),
    .left("notification_deliveries", because: "they belong to notifications, which are left behind"),
    .left("corrections", because: "they name the live tenant's messages and tickets"),
    .left("learned_models", because: "they are trained from corrections, which are left behind"),
    .left("webhook_attempts", because: "they were the live tenant's"),
]
