// What GitOps tools make of a resource: it reads one object as JSON from the standard input.
//
//	gitops-tools argocd health.lua   as Argo CD runs a health script: the same Lua, the object as obj
//	gitops-tools flux                as Flux judges it: kstatus
//
// It prints {"status": …, "message": …}.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	luajson "layeh.com/gopher-json"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

type verdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	judged, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(judged); err != nil {
		os.Exit(1)
	}
}

func run(args []string) (verdict, error) {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return verdict{}, err
	}
	switch {
	case len(args) == 2 && args[0] == "argocd":
		script, err := os.ReadFile(args[1])
		if err != nil {
			return verdict{}, err
		}
		return health(string(script), text)
	case len(args) == 1 && args[0] == "flux":
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(text); err != nil {
			return verdict{}, err
		}
		result, err := status.Compute(object)
		if err != nil {
			return verdict{}, err
		}
		return verdict{Status: result.Status.String(), Message: result.Message}, nil
	}
	return verdict{}, fmt.Errorf("usage: gitops-tools argocd SCRIPT | flux")
}

// Argo CD opens the base, table and string libraries and little else (util/lua in its repository).
func health(script string, object []byte) (verdict, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, open := range map[string]lua.LGFunction{
		lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable, lua.StringLibName: lua.OpenString,
	} {
		if err := state.CallByParam(lua.P{Fn: state.NewFunction(open), Protect: true}, lua.LString(name)); err != nil {
			return verdict{}, err
		}
	}
	value, err := luajson.Decode(state, object)
	if err != nil {
		return verdict{}, err
	}
	state.SetGlobal("obj", value)
	if err := state.DoString(script); err != nil {
		return verdict{}, err
	}
	table, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return verdict{}, fmt.Errorf("the script returns no table")
	}
	text := func(name string) string {
		found, _ := table.RawGetString(name).(lua.LString)
		return string(found)
	}
	return verdict{Status: text("status"), Message: text("message")}, nil
}
