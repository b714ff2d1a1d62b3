package replica

import (
	"strings"
	"testing"
	"time"
)

// TestSettings reads what people write into litestream.yml for each kind of target.
func TestSettings(t *testing.T) {
	env := func(name string) string { return map[string]string{"E": "e0001-lyon", "P": "pass"}[name] }
	for name, c := range map[string]struct {
		replica string
		want    string // where it is
		path    string
		wrong   string // part of the refusal
	}{
		"a folder":                {replica: "{path: '/mnt/x/content/${E}'}", want: "/mnt/x/content/e0001-lyon", path: "/mnt/x/content/e0001-lyon"},
		"a folder by address":     {replica: "{url: 'file:///mnt/x/content/${E}'}", want: "/mnt/x/content/e0001-lyon", path: "/mnt/x/content/e0001-lyon"},
		"our receiver":            {replica: "{url: 'webdavs://u:${P}@metz.example:443/replica/content/${E}'}", want: "https://metz.example:443/replica/content/e0001-lyon", path: "replica/content/e0001-lyon"},
		"a password in it":        {replica: "{type: webdav, webdav-url: 'https://u:${P}@metz.example:443/dav?token=${P}', path: 'content/${E}'}", want: "https://u@metz.example:443/dav/content/e0001-lyon", path: "content/e0001-lyon"},
		"an address that is none": {replica: "{type: webdav, webdav-url: 'https://u:${P}@metz.example:x', path: 'content/${E}'}", want: "the webdav-url, which is none/content/e0001-lyon", path: "content/e0001-lyon"},
		"SFTP":                    {replica: "{url: 'sftp://u@h:22/x/content/${E}', key-path: k, host-key: 'ssh-ed25519 AAAA'}", want: "sftp://u@h:22/x/content/e0001-lyon", path: "/x/content/e0001-lyon"},
		"S3":                      {replica: "{url: 's3://bucket/x/content/${E}?region=eu-west-3'}", want: "s3://bucket/x/content/e0001-lyon", path: "x/content/e0001-lyon"},
		"SFTP to anybody":         {replica: "{url: 'sftp://u@h:22/x/content/${E}', key-path: k}", wrong: "host-key"},
		"a kind we do not speak":  {replica: "{type: gs, bucket: b, path: x}", wrong: "write external"},
		"two places":              {replica: "{url: 's3://b/x', path: y}", wrong: "not both"},
		"an unset variable":       {replica: "{path: '${NOBODY}'}", wrong: "variable"},
	} {
		s, err := parse([]byte("dbs: [{path: /d/content.db, replica: "+c.replica+"}]"), env)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := s.Databases[0].Target; got.Name() != c.want || got.Path != c.path || strings.Contains(got.Name(), "pass") {
			t.Errorf("%s: %s, %s", name, got.Name(), got.Path)
		}
	}
	s, err := parse([]byte("retention: {enabled: false}\nsnapshot: {retention: 144h}\ndbs: [{path: /d/c.db, monitor-interval: 2s, replica: {path: /t/c/e}}]"), env)
	if err != nil || s.Snapshot.Retention != 144*time.Hour || s.Snapshot.Interval != 24*time.Hour || len(s.Levels) != 3 || s.Databases[0].Monitor != 2*time.Second || s.Databases[0].Sync != time.Second {
		t.Errorf("%+v, %v", s, err)
	}
	if len(s.Ignored) != 1 || !strings.Contains(s.Ignored[0], "retention") {
		t.Errorf("what is not honoured: %q", s.Ignored)
	}
	for _, wrong := range []string{"snapshot: {interval: 0s}", "levels: [{interval: 0s}]", "dbs: [{path: /d/c.db}]", "dbs: 3", "snapshot: {interval: soon}"} {
		if _, err := parse([]byte(wrong), env); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
