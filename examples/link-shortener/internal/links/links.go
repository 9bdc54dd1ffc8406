// Package links is what the application is about. It knows nothing of AWS.
package links

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrUnknown says that nobody has shortened anything to a name.
var ErrUnknown = errors.New("no such link")

// Link is an address under a short name.
type Link struct {
	Name   string `json:"name" dynamodbav:"name"`
	Target string `json:"target" dynamodbav:"target"`
	Visits int    `json:"-" dynamodbav:"visits"`
}

// Valid says whether a link can be kept.
func (l Link) Valid() bool {
	return l.Name != "" && strings.HasPrefix(l.Target, "https://")
}

// Store keeps links.
type Store interface {
	Put(ctx context.Context, link Link) error
	Get(ctx context.Context, name string) (*Link, error)
	Count(ctx context.Context, name string) error
	Forget(ctx context.Context, name string) error
}

// Announcer tells others of new links.
type Announcer interface {
	Announce(ctx context.Context, link Link) error
}

// Quiet tells nobody.
type Quiet struct{}

// Announce does nothing.
func (Quiet) Announce(context.Context, Link) error { return nil }

// Service has the use cases.
type Service struct {
	store     Store
	announcer Announcer
}

// NewService puts a service together.
func NewService(store Store, announcer Announcer) *Service {
	return &Service{store: store, announcer: announcer}
}

// Shorten keeps a new link.
func (s *Service) Shorten(ctx context.Context, link Link) error {
	if err := s.store.Put(ctx, link); err != nil {
		return fmt.Errorf("keeping %s: %w", link.Name, err)
	}
	return s.announcer.Announce(ctx, link)
}

// Follow gives the address behind a name.
func (s *Service) Follow(ctx context.Context, name string) (string, error) {
	link, err := s.store.Get(ctx, name)
	if err != nil {
		return "", err
	}
	return link.Target, s.store.Count(ctx, name)
}
