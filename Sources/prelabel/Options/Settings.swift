import Foundation
import Functions
import SystemPackage

/// Settings from the environment, `PRELABEL_NAME`, and below it from the configuration file.
enum Settings {
    /// Read once; a file that cannot be used ends the program before its command starts.
    static let file = Result { () throws(CommandFailure) in try SettingsFile.read(ProcessInfo.processInfo.environment) }

    /// The environment, with what the configuration file adds to it.
    static let environment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment
        let values = (try? file.get().values) ?? [:]
        for setting in Setting.all where environment[setting.variable]?.isEmpty ?? true {
            environment[setting.variable] = values[setting.name]
        }
        return environment
    }()

    static func string(_ name: String) -> String? {
        let value = environment["PRELABEL_\(name)"]
        return value?.isEmpty == true ? nil : value
    }

    /// - Throws: ``CommandFailure`` with 78 for a value that is neither yes nor no.
    static func flag(_ name: String) throws(CommandFailure) -> Bool? {
        guard let value = string(name) else { return nil }
        guard let flag = YesNo(value) else {
            throw CommandFailure(status: .configuration, message: "PRELABEL_\(name) is `\(value)`, expected 1 or 0")
        }
        return flag.isYes
    }

    /// PRELABEL_API_KEYS: what callers of a service show it.
    static var keys: [String] {
        (string("API_KEYS") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    static var currentFolder: FilePath { FilePath(FileManager.default.currentDirectoryPath) }

    /// Where the files lie that come with the program: `PRELABEL_HOME`, else beside the executable, else `../share/prelabel`.
    static func home(holding name: String) -> FilePath? {
        var candidates: [FilePath] = []
        if let home = string("HOME") { candidates.append(currentFolder.pushing(FilePath(home))) }
        if let executable = try? executable() {
            let folder = executable.removingLastComponent()
            candidates += [folder, folder.removingLastComponent().appending("share/prelabel")]
        }
        return candidates.map { $0.appending(name) }.first { FileManager.default.fileExists(atPath: $0.string) }
    }

    /// - Throws: ``CommandFailure`` with 78 when the folder is not there.
    static func fixtures() throws -> FilePath {
        guard let fixtures = home(holding: "Fixtures") else {
            throw CommandFailure(
                status: .configuration,
                message: "the samples and report templates are not beside the program; PRELABEL_HOME names the folder of Fixtures")
        }
        return fixtures
    }

    /// This program, as it is started: a bundle's launcher says where that is.
    static func executable() throws -> FilePath {
        if let launcher = string("EXECUTABLE") { return FilePath(launcher) }
        return FilePath(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    }

    /// The folder with trained data for Tesseract that comes with the program; `nil`: Tesseract's own.
    static func tessdata(language: String) -> FilePath? {
        guard let folder = home(holding: "Models/tessdata") else { return nil }
        let hasAll = language.split(separator: "+").allSatisfy {
            FileManager.default.fileExists(atPath: folder.appending("\($0).traineddata").string)
        }
        return hasAll ? folder : nil
    }
}
