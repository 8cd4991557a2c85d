// What go-pagerduty says of hallpass's calls to PagerDuty, and of who signed a webhook.
//
// usage: pagerduty requests FOLDER
//
//	pagerduty verify SECRET
//
// requests judges the recorded calls of FOLDER: a body and a query may have what go-pagerduty's own types have and
// nothing else, and an answer is what they can be read from. verify reads a webhook from each line of the standard
// input, {"headers": {name: value}, "body": base64}, and writes "true" where webhookv3 takes its signature, else "false".
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/PagerDuty/go-pagerduty"
	"github.com/PagerDuty/go-pagerduty/webhookv3"
)

type recorded struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Query   string            `json:"query"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
	Status  int               `json:"status"`
	Answer  json.RawMessage   `json:"answer"`
}

// What a call may hold; nil where it has no query and no body.
type known struct {
	method string
	path   *regexp.Regexp
	query  any
	body   func() any
	answer func() any
}

type newIncident struct {
	Incident pagerduty.CreateIncidentOptions `json:"incident"`
}

type changedIncident struct {
	Incident pagerduty.ManageIncidentsOptions `json:"incident"`
}

type newNote struct {
	Note pagerduty.IncidentNote `json:"note"`
}

type oneIncident struct {
	Incident pagerduty.Incident `json:"incident"`
}

type oneUser struct {
	User pagerduty.User `json:"user"`
}

type oneService struct {
	Service pagerduty.Service `json:"service"`
}

type allNotes struct {
	Notes []pagerduty.IncidentNote `json:"notes"`
}

func one[T any]() any { return new(T) }

var calls = []known{
	{"GET", regexp.MustCompile(`^/abilities$`), nil, nil, one[pagerduty.ListAbilityResponse]},
	{"GET", regexp.MustCompile(`^/users$`), pagerduty.ListUsersOptions{}, nil, one[pagerduty.ListUsersResponse]},
	{"GET", regexp.MustCompile(`^/users/[A-Z0-9]+$`), nil, nil, one[oneUser]},
	{"GET", regexp.MustCompile(`^/services$`), pagerduty.ListServiceOptions{}, nil, one[pagerduty.ListServiceResponse]},
	{"GET", regexp.MustCompile(`^/services/[A-Z0-9]+$`), nil, nil, one[oneService]},
	{"GET", regexp.MustCompile(`^/oncalls$`), pagerduty.ListOnCallOptions{}, nil, one[pagerduty.ListOnCallsResponse]},
	{"GET", regexp.MustCompile(`^/incidents$`), pagerduty.ListIncidentsOptions{}, nil, one[pagerduty.ListIncidentsResponse]},
	{"GET", regexp.MustCompile(`^/incidents/[A-Z0-9]+$`), nil, nil, one[oneIncident]},
	{"GET", regexp.MustCompile(`^/incidents/[A-Z0-9]+/notes$`), nil, nil, one[allNotes]},
	{"POST", regexp.MustCompile(`^/incidents$`), nil, one[newIncident], one[oneIncident]},
	{"POST", regexp.MustCompile(`^/incidents/[A-Z0-9]+/notes$`), nil, one[newNote], one[pagerduty.CreateIncidentNoteResponse]},
	{"PUT", regexp.MustCompile(`^/incidents/[A-Z0-9]+$`), nil, one[changedIncident], one[oneIncident]},
}

// "limit", "user_ids[]": by the tags that go-pagerduty itself makes queries from.
func parametersOf(options any) map[string]bool {
	names := map[string]bool{}
	if options == nil {
		return names
	}
	fields := reflect.TypeOf(options)
	for i := 0; i < fields.NumField(); i++ {
		name, rest, _ := strings.Cut(fields.Field(i).Tag.Get("url"), ",")
		if strings.Contains(rest, "brackets") {
			name += "[]"
		}
		names[name] = true
	}
	return names
}

func judgeQuery(call recorded, by known) error {
	query, err := url.ParseQuery(call.Query)
	if err != nil {
		return err
	}
	names := parametersOf(by.query)
	for name := range query {
		if !names[name] {
			return fmt.Errorf("go-pagerduty has no parameter %q there", name)
		}
	}
	return nil
}

func judgeBody(call recorded, by known) error {
	if by.body == nil {
		if string(call.Body) != "null" {
			return fmt.Errorf("a body where there is none")
		}
		return nil
	}
	body := by.body()
	strict := json.NewDecoder(bytes.NewReader(call.Body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(body); err != nil {
		return fmt.Errorf("the body: %w", err)
	}
	if call.Headers["From"] == "" {
		return fmt.Errorf("no From")
	}
	switch made := body.(type) {
	case *newIncident:
		return judgeNewIncident(made.Incident)
	case *changedIncident:
		if made.Incident.Type != "incident" && made.Incident.Type != "incident_reference" {
			return fmt.Errorf("the type %q", made.Incident.Type)
		}
	case *newNote:
		if made.Note.Content == "" || made.Note.ID != "" {
			return fmt.Errorf("a note is content alone")
		}
	}
	return nil
}

func judgeNewIncident(made pagerduty.CreateIncidentOptions) error {
	if made.Type != "incident" || made.Title == "" || made.Service == nil || made.Service.Type != "service_reference" {
		return fmt.Errorf("no incident with a title and a service")
	}
	if made.Body != nil && made.Body.Type != "incident_body" {
		return fmt.Errorf("the body's type %q", made.Body.Type)
	}
	return nil
}

func judge(call recorded) error {
	version := call.Headers["Accept"]
	if version != "application/vnd.pagerduty+json;version=2" || !strings.HasPrefix(call.Headers["Authorization"], "Token token=") {
		return fmt.Errorf("no version 2 or no token")
	}
	for _, by := range calls {
		if by.method != call.Method || !by.path.MatchString(call.Path) {
			continue
		}
		if err := judgeQuery(call, by); err != nil {
			return err
		}
		if err := judgeBody(call, by); err != nil {
			return err
		}
		if call.Status == 0 || call.Status >= 400 {
			return nil
		}
		if err := json.Unmarshal(call.Answer, by.answer()); err != nil {
			return fmt.Errorf("the answer: %w", err)
		}
		return nil
	}
	return fmt.Errorf("go-pagerduty has no such call")
}

func requests(folder string) int {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		panic(err)
	}
	refused := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		var call recorded
		if err = json.Unmarshal(content, &call); err == nil {
			err = judge(call)
		}
		if err != nil {
			refused++
			fmt.Printf("%s: %s %s: %v\n", filepath.Base(file), call.Method, call.Path, err)
		}
	}
	fmt.Printf("%d accepted, %d refused\n", len(files)-refused, refused)
	return min(refused, 1)
}

func verify(secret string) int {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 4*1024*1024)
	for lines.Scan() {
		var webhook struct {
			Headers map[string]string `json:"headers"`
			Body    []byte            `json:"body"`
		}
		if err := json.Unmarshal(lines.Bytes(), &webhook); err != nil {
			panic(err)
		}
		request, err := http.NewRequest("POST", "/", bytes.NewReader(webhook.Body))
		if err != nil {
			panic(err)
		}
		for name, value := range webhook.Headers {
			request.Header.Set(name, value)
		}
		fmt.Println(webhookv3.VerifySignature(request, secret) == nil)
	}
	return 0
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "requests" {
		os.Exit(requests(os.Args[2]))
	}
	if len(os.Args) == 3 && os.Args[1] == "verify" {
		os.Exit(verify(os.Args[2]))
	}
	fmt.Fprintln(os.Stderr, "usage: pagerduty requests FOLDER\n       pagerduty verify SECRET")
	os.Exit(2)
}
