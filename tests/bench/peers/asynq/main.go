// asynq on the same Redis as our lease queue: 200-byte tasks, enqueued one by
// one, then taken and completed by one process.
// Usage: go run . REDIS_SOCKET
package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
)

const tasks = 20000

func enqueue(client *asynq.Client, callers int) float64 {
	payload := make([]byte, 200)
	begin := time.Now()
	var left atomic.Int64
	left.Store(tasks)
	var all sync.WaitGroup
	for i := 0; i < callers; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for left.Add(-1) >= 0 {
				if _, err := client.Enqueue(asynq.NewTask("job", payload)); err != nil {
					panic(err)
				}
			}
		}()
	}
	all.Wait()
	return tasks / time.Since(begin).Seconds()
}

func drain(redis asynq.RedisClientOpt, workers int) float64 {
	var done atomic.Int64
	finished := make(chan struct{})
	server := asynq.NewServer(redis, asynq.Config{
		Concurrency: workers, LogLevel: asynq.FatalLevel,
	})
	begin := time.Now()
	if err := server.Start(asynq.HandlerFunc(
		func(context.Context, *asynq.Task) error {
			if done.Add(1) == tasks {
				close(finished)
			}
			return nil
		})); err != nil {
		panic(err)
	}
	<-finished
	rate := tasks / time.Since(begin).Seconds()
	server.Shutdown()
	return rate
}

func main() {
	redis := asynq.RedisClientOpt{Network: "unix", Addr: os.Args[1]}
	client := asynq.NewClient(redis)
	defer client.Close()
	for _, workers := range []int{1, 16, 128} {
		enqueued := enqueue(client, workers)
		fmt.Printf("%3d workers: enqueue one by one %.0f /s; lease+complete %.0f /s\n",
			workers, enqueued, drain(redis, workers))
	}
}
