@testable import LabelingJobs
import Testing
@Test func a() {}
