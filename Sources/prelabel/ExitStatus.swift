import Functions
import LabelingJobs
import Liquid
import Pipeline
import PageReading
import Service
import Storage
import Suggestions
import SystemPackage

/// The one table from errors to exit codes (sysexits); HTTP has its own in `ProblemResponses`.
enum ExitStatus: Int32 {
    case findings = 1
    case usage = 64
    case badData = 65
    case missingInput = 66
    case unavailable = 69
    case software = 70
    case inputOutput = 74
    case configuration = 78

    init(of error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure.status
        case let error as FunctionError: self = Self.status(of: error)
        case let error as StorageError: self = Self.status(of: error)
        case let error as JobError: self = Self.status(of: error)
        case is PlanError: self = .usage
        case is Errno, is TemporaryFolderError: self = .inputOutput
        case is ListenError: self = .unavailable
        case is LiquidError, is MetadataError, is ReaderPool.Failure, is SuggestionError: self = .badData
        case is ConfigurationError, is SettingError: self = .configuration
        case let error as PageReadingError: self = error.code == .missingLanguage ? .configuration : .badData
        default: self = .software
        }
    }

    private static func status(of error: FunctionError) -> ExitStatus {
        switch error.code {
        case .unreadableText, .unreadablePayload, .unreadableManifest: .missingInput
        default: .badData
        }
    }

    private static func status(of error: StorageError) -> ExitStatus {
        switch error.code {
        case .badURI: .usage
        case .notFound, .notAllowed, .denied, .archived: .missingInput
        case .tooLarge: .badData
        case .noStore, .badSetting, .noCredentials, .unsupported: .configuration
        case .unavailable: .unavailable
        default: .inputOutput
        }
    }

    private static func status(of error: JobError) -> ExitStatus {
        switch error.code {
        case .notFound: .missingInput
        case .storeTooNew: .configuration
        case .storeFailed, .outputFailed: .inputOutput
        case .functionFailed: .unavailable
        default: .badData
        }
    }

    /// What a person reads: found, expected, what to do.
    static func message(of error: any Error) -> String {
        switch error {
        case let error as PageReadingError: error.message
        default: "\(error)"
        }
    }
}

/// A command that ends with an exit code and a sentence.
struct CommandFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    let message: String
    var description: String { message }
}
