import Foundation
import PackagePlugin

/// Turns a target's folder `Resources` into one Swift file, `ResourceTable.swift`: a file that is put there is part of
/// the binary without a line of Swift.
@main
struct ResourceTables: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let folder = target.directoryURL.appending(path: "Resources", directoryHint: .isDirectory)
        let files =
            (FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))?
            .compactMap { $0 as? URL }
            .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true }
            .filter { !$0.lastPathComponent.hasPrefix(".") }
            .sorted { $0.path < $1.path }
        guard let files, !files.isEmpty else {
            Diagnostics.error("\(target.name) has no files in \(folder.path)")
            return []
        }
        let output = context.pluginWorkDirectoryURL.appending(path: "ResourceTable.swift")
        return [
            .buildCommand(
                displayName: "Reading the resources of \(target.name)",
                executable: try context.tool(named: "resource-tables").url,
                arguments: [folder.path, output.path] + files.map(\.path),
                inputFiles: files,
                outputFiles: [output])
        ]
    }
}
