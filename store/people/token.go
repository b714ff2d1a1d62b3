package people

import (
	"context"
	"time"

	"selfhelp/app/access"
	"selfhelp/app/fault"
	"selfhelp/store/audit"
	"selfhelp/store/db"
)

// Token is what a program comes in with, as an account. The secret itself is
// known by its hash alone.
type Token struct {
	ID      string // given by the store
	User    string // id of the account it is of
	Name    string // what it is for, in the words of its owner
	Scopes  []access.Scope
	Created time.Time
	Expires time.Time
	Used    time.Time // last, to about a minute; zero: never
}

const (
	// maxTokens is how many an account has at once.
	maxTokens = 50
	// tokenLedger is how long an expired token stays in the lists.
	tokenLedger = 90 * 24 * time.Hour
)

const (
	sqlTokens      = `SELECT id, user, name, scopes, created, expires, used FROM api_token ORDER BY created DESC, id`
	sqlTokensOf    = `SELECT id, user, name, scopes, created, expires, used FROM api_token WHERE user = ? ORDER BY created DESC, id`
	sqlTokenByHash = `SELECT id, user, name, scopes, created, expires, used FROM api_token WHERE hash = ?`
	sqlTokenCount  = `SELECT count(*) FROM api_token WHERE user = ?`
	sqlTokenInsert = `INSERT INTO api_token (id, hash, user, name, scopes, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlTokenUse    = `UPDATE api_token SET used = ?1 WHERE id = ?2 AND used < ?1`
	sqlTokenDelete = `DELETE FROM api_token WHERE id = ?1 AND (?2 = '' OR user = ?2) RETURNING user`
	sqlTokenForget = `DELETE FROM api_token WHERE user = ? AND expires < ?`
)

func scanToken(r db.Row) (t Token, err error) {
	return t, r.Scan(&t.ID, &t.User, &t.Name, db.JSON(&t.Scopes), (*db.Instant)(&t.Created), (*db.Instant)(&t.Expires), (*db.Instant)(&t.Used))
}

// Tokens returns every token, the last made first.
func (c *People) Tokens(ctx context.Context) ([]Token, error) {
	return db.List(ctx, c.DB, scanToken, sqlTokens)
}

// TokensOf returns the tokens of an account, the last made first.
func (c *People) TokensOf(ctx context.Context, user string) ([]Token, error) {
	return db.List(ctx, c.DB, scanToken, sqlTokensOf, user)
}

// TokenByHash returns the token whose secret has a hash, whatever became of it.
func (c *People) TokenByHash(ctx context.Context, hash []byte) (Token, error) {
	return db.One(ctx, c.DB, scanToken, sqlTokenByHash, hash)
}

// CreateToken keeps a token by the hash of its secret. Those of the account that
// expired long ago go.
func (c *People) CreateToken(ctx context.Context, k Token, hash []byte, by string) (Token, error) {
	return db.Written(ctx, c.DB, "create token", func(t *db.Tx) (Token, error) {
		k.ID, k.Created, k.Expires, k.Used = db.NewID(), db.Kept(t.Now), db.Kept(k.Expires), time.Time{}
		if _, err := t.Exec(sqlTokenForget, k.User, db.Instant(t.Now.Add(-tokenLedger))); err != nil {
			return k, err
		}
		n, err := db.OneIn(t, db.ScanNumber, sqlTokenCount, k.User)
		if err != nil {
			return k, err
		}
		if n >= maxTokens {
			return k, fault.InField("name", "fault.token.many")
		}
		if _, err := t.Exec(sqlTokenInsert, k.ID, hash, k.User, k.Name, db.JSON(k.Scopes), db.Instant(k.Created), db.Instant(k.Expires)); err != nil {
			return k, err
		}
		return k, audit.Add(t, by, "token.create", "token:"+k.ID, map[string]any{"user": k.User, "name": k.Name, "scopes": k.Scopes, "expires": k.Expires})
	})
}

// UseToken notes that a token was used now.
func (c *People) UseToken(ctx context.Context, id string) error {
	return c.Write(ctx, "note use of token "+id, func(t *db.Tx) error {
		_, err := t.Exec(sqlTokenUse, db.Instant(t.Now), id)
		return err
	})
}

// RevokeTokens takes tokens out of the world, all or none, and returns how many
// there were. With an owner, only theirs.
func (c *People) RevokeTokens(ctx context.Context, owner string, ids []string, by string) (n int, err error) {
	err = c.Write(ctx, "revoke tokens", func(t *db.Tx) error {
		n = 0
		for _, id := range ids {
			of, err := db.ListIn(t, db.ScanText, sqlTokenDelete, id, owner)
			if err != nil {
				return err
			}
			for _, user := range of {
				n++
				if err := audit.Add(t, by, "token.revoke", "token:"+id, map[string]string{"user": user}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return n, err
}
