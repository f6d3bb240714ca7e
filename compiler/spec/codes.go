package spec

import "github.com/decamp-dev/decamp/compiler/diag"

// The codes of what is wrong with a spec as a text; what is wrong with the app that
// it describes has the codes of ir.Verify.
const (
	CodeVersion       diag.Code = "spec-version"
	CodeUnknownKey    diag.Code = "unknown-key"
	CodeWrongType     diag.Code = "wrong-type"
	CodeBadValue      diag.Code = "bad-value"
	CodeMissing       diag.Code = "missing-field"
	CodeBadReference  diag.Code = "bad-reference"
	CodeMisplacedRef  diag.Code = "misplaced-reference"
	CodeUnknownVar    diag.Code = "unknown-var"
	CodeMissingVar    diag.Code = "missing-var"
	CodeUnknownStage  diag.Code = "unknown-stage"
	CodeStageVary     diag.Code = "stage-vary"
	CodeStagePath     diag.Code = "stage-path"
	CodeFileMissing   diag.Code = "file-missing"
	CodeFileOutside   diag.Code = "file-outside"
	CodeEnvFile       diag.Code = "env-file"
	CodeSecretValue   diag.Code = "secret-value"
	CodePlainSecret   diag.Code = "plain-secret"
	CodePlatformEntry diag.Code = "platform-entry"
	CodeUnknownTarget diag.Code = "unknown-target"
)
