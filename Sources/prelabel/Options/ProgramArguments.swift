import CProcess

/// What this program was called with.
enum ProgramArguments {
    static let all = (0..<prelabel_argument_count()).compactMap { index in
        unsafe prelabel_argument(index).map { unsafe String(cString: $0) }
    }

    /// The program as it was called.
    static var name: String { all.first ?? "prelabel" }
}
