internal import Database
internal import Records

/// Messages and domains keep what they say about themselves as sayings, beside the English.
let messageSayingMigration = Migration(
    number: 926, name: "why messages were written and how domains are, by key"
) { _ in
    Message.resource.addition(in: 926) + SendingDomain.resource.addition(in: 926)
}
