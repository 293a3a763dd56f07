package import Database

/// Custom fields: `tx.customFields`.
package struct CustomFieldStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var customFields: CustomFieldStore<Self> { CustomFieldStore(tx: self) }
}
