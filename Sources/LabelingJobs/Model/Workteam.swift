package import GroundTruth

/// The ARNs of work teams and of the workforce (contracts section 2).
package enum Workteam {
    /// The one private workforce that there is.
    package static let workforceName = "private-crowd"

    package static func arn(_ name: String, in account: JobEngine.Account) -> String {
        "arn:aws:sagemaker:\(account.region):\(account.id):workteam/\(workforceName)/\(name)"
    }

    package static func workforceARN(in account: JobEngine.Account) -> String {
        "arn:aws:sagemaker:\(account.region):\(account.id):workforce/\(workforceName)"
    }

    /// Whether an ARN is that of the public work team, of any region.
    package static func isPublic(_ arn: String) -> Bool {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 6 && parts[2] == "sagemaker" && parts[4] == "394669845002"
            && parts[5] == "workteam/public-crowd/default"
    }
}

/// A private work team as it stands. Its members are the workers that the store has for it.
package struct TeamRecord: Sendable {
    let id: Int64
    package let name: String
    package let arn: String
    /// The CreateWorkteam request, with what UpdateWorkteam changed.
    package let request: JSONValue
    package let created: Timestamp
    package let modified: Timestamp
}
