import AWS

extension StorageError {
    /// What an error of S3 means for the one object it is about.
    init(_ error: AWSError, uri: ObjectURI) {
        switch error.code {
        case .noSuchKey: self.init(.notFound, "\(uri) does not exist")
        case .noSuchBucket: self.init(.notFound, "\(uri) does not exist, and neither does its bucket")
        case .accessDenied: self.init(.denied, error.message)
        case .invalidObjectState: self.init(.archived, "\(uri) is archived; restore it first")
        case .preconditionFailed where error.status == 412: self.init(.changed, "\(uri) is not what it was a moment ago")
        case .tooLarge: self.init(.tooLarge, error.message)
        case .badSetting: self.init(.badSetting, error.message)
        case .cancelled: self.init(.cancelled, error.message)
        case _ where error.isAboutCredentials:
            self.init(.noCredentials, "\(error.message); for objects in a folder, say --data DIR (or PRELABEL_DATA)")
        case _ where error.isTransient: self.init(.unavailable, error.message)
        default: self.init(.inputOutput, error.message)
        }
    }
}
