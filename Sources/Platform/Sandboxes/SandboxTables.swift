internal import Database
package import Runtime

package let platformSandboxTables: [SandboxTable] = [
    .left("tenants", because: "the sandbox's own row is made anew"),
    .copied(User.resource, changing: ["password_hash": .null]),
    .copied(Role.resource),
    .left("sessions", because: "nobody is signed in to a sandbox"),
    .left("refresh_tokens", because: "nobody is signed in to a sandbox"),
    .left("password_resets", because: "they open accounts of the live tenant"),
    .left("api_keys", because: "their secrets open the live tenant"),
    .left("invitations", because: "they open the live tenant"),
    .left("idempotency", because: "answers were given to the live tenant's callers"),
    .left("data_keys", because: "a sandbox seals with a key of its own"),
    .left("signing_keys", because: "they are the platform's"),
    .left("sandboxes", because: "a sandbox has none"),
    .left("models", because: "their keys are the live tenant's, and a sandbox asks no model"),
    .left("webhooks", because: "they are the live tenant's systems"),
    .left("webhook_deliveries", because: "they were the live tenant's"),
    .left("integrations", because: "their credentials are the live tenant's, and nothing leaves a sandbox"),
    .left("hook_receipts", because: "they are the live tenant's history"),
    .copied(StoredFile.resource),
    .copied("file_contents"),
    .left("imports", because: "their files are the live tenant's"),
    .left("import_errors", because: "they belong to imports, which are left behind"),
    .left("webhook_attempts", because: "they were the live tenant's"),
]
