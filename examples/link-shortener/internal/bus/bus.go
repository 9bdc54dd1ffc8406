// Package bus tells a bus of Amazon EventBridge what happens to links.
package bus

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/link-shortener/internal/links"
)

// Bus announces links.
type Bus struct {
	client *eventbridge.Client
	name   string
}

// Option changes a bus.
type Option func(*Bus)

// WithName says which bus it is; without it the account's own.
func WithName(name string) Option {
	return func(b *Bus) { b.name = name }
}

// New opens a bus.
func New(cfg aws.Config, options ...Option) *Bus {
	b := &Bus{client: eventbridge.NewFromConfig(cfg)}
	for _, option := range options {
		option(b)
	}
	return b
}

// Announce tells of a new link.
func (b *Bus) Announce(ctx context.Context, link links.Link) error {
	detail, err := json.Marshal(link)
	if err != nil {
		return err
	}
	_, err = b.client.PutEvents(ctx, &eventbridge.PutEventsInput{
		Entries: []types.PutEventsRequestEntry{{
			EventBusName: aws.String(b.name),
			Source:       aws.String("link-shortener"),
			DetailType:   aws.String("LinkShortened"),
			Detail:       aws.String(string(detail)),
		}},
	})
	return err
}
