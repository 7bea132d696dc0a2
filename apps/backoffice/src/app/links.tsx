import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
  Paper,
  type PaperProps,
} from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

/** The anchor's own attributes, without those that Mantine's props name too. */
type Attributes<Props> = Omit<ComponentProps<'a'>, keyof Props> & { [data: `data-${string}`]: unknown }

/** A link in a text; its address is checked against the routes. */
export const TextLink = createLink((props: AnchorProps & Attributes<AnchorProps>) => <Anchor {...props} />)

/** A link that looks like a button: it goes somewhere, it does nothing. */
export const ButtonLink = createLink((props: ButtonProps & Attributes<ButtonProps>) => (
  <Button component="a" {...props} />
))

/** An entry of the navigation. */
export const NavItem = createLink((props: NavLinkProps & Attributes<NavLinkProps>) => (
  <NavLink component="a" className="nav-item" {...props} />
))

/** A tile that leads somewhere as a whole. */
export const TileLink = createLink((props: PaperProps & Attributes<PaperProps>) => (
  <Paper component="a" withBorder p="md" className="tile-link" {...props} />
))
