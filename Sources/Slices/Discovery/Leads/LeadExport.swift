internal import Database
internal import People
internal import Records
internal import Routing
internal import Transfer

func leadExportRoute(_ routes: inout Routes) {
    routes.export(
        Lead.resource, "leads:export",
        layout: { RecordCSV(Lead.resource, try $0.customFields.transferMembers(of: .lead)) },
        list: { call, extra, dialect in try leadList(call, extra: extra, dialect: dialect) })
}
