package extract

// What people changed of themselves here goes before what an extract says of them, as long
// as that is what they replaced: nobody is told that their new password is wrong where they
// chose it. Where it is something else, the edition server knows better.
const (
	sqlWishesHold = `UPDATE user SET password = w.password, must_change = 0, sessions_from = max(sessions_from, w.at), era = iif(CAST(w.era AS INTEGER) > CAST(user.era AS INTEGER), w.era, user.era)
		FROM (SELECT user, password, era, at, max(id) FROM wish WHERE taken IS NULL GROUP BY user) AS w
		WHERE w.user = user.id AND EXISTS (SELECT 1 FROM wish o WHERE o.user = user.id AND o.was = user.password AND o.taken IS NULL)`
	sqlWishesForget = `DELETE FROM wish`
)
